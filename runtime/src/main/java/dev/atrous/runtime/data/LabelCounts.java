package dev.atrous.runtime.data;

import java.awt.image.IndexColorModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How many pixels of the masks of a data set have each label, and whether palettes agree. */
public final class LabelCounts {
  private static final int LABELS = 256;
  private static final int CLASSES_NAMED = 10;

  private final int classes;
  private final long[] pixels = new long[LABELS];
  private final long[] images = new long[LABELS]; // that have the label
  private final long[] pixelsBeside = new long[LABELS]; // not ignored, of these images
  private final PaletteColors palettes = new PaletteColors();

  /**
   * None yet.
   *
   * @param classes number of classes with background
   */
  LabelCounts(int classes) {
    this.classes = classes;
  }

  /** Adds those of a mask. May be called by several threads. */
  void add(LabelMap mask) {
    long[] own = new long[LABELS];
    for (byte label : mask.labels()) {
      own[Byte.toUnsignedInt(label)]++;
    }
    long counted = mask.labels().length - own[LabelMap.VOID];
    synchronized (pixels) {
      for (int label = 0; label < LABELS; label++) {
        if (own[label] > 0) {
          pixels[label] += own[label];
          images[label]++;
          pixelsBeside[label] += counted;
        }
      }
    }
  }

  /** Notes the palette of a mask, if it has one. May be called by several threads. */
  void addPalette(Path file, StoredMask mask) {
    IndexColorModel palette = mask.palette();
    if (palette != null) {
      palettes.add(file, palette, mask.used());
    }
  }

  /**
   * Number of pixels.
   *
   * @param label a class, or 255 for those that are ignored
   */
  public long pixels(int label) {
    return pixels[label];
  }

  /**
   * Number of images that have pixels of a label.
   *
   * @param label a class, or 255 for those that are ignored
   */
  public long images(int label) {
    return images[label];
  }

  /** Share of the pixels that is ignored, 0..1; 0 without any. */
  public double ignoredShare() {
    long all = Arrays.stream(pixels).sum();
    return all == 0 ? 0 : (double) pixels[LabelMap.VOID] / all;
  }

  /**
   * Weights for the classes of a loss, by median frequency (Eigen and Fergus 2015, section 6.3.2):
   * the frequency of a class is its share of the pixels of the images that it is in; its weight,
   * the median of all frequencies divided by its own. Ignored pixels do not count.
   *
   * @return one for each class; 1 for those that do not occur, which no loss meets
   */
  public double[] medianFrequencyWeights() {
    double[] frequencies =
        present().stream()
            .mapToDouble(label -> (double) pixels[label] / pixelsBeside[label])
            .sorted()
            .toArray();
    double[] weights = new double[classes];
    Arrays.fill(weights, 1);
    if (frequencies.length == 0) {
      return weights;
    }
    int middle = frequencies.length / 2;
    double median =
        frequencies.length % 2 == 1
            ? frequencies[middle]
            : (frequencies[middle - 1] + frequencies[middle]) / 2;
    present().forEach(label -> weights[label] = median * pixelsBeside[label] / pixels[label]);
    return weights;
  }

  /** The classes that occur, in order. */
  public List<Integer> present() {
    return those(true);
  }

  private List<Integer> those(boolean present) {
    return IntStream.range(0, classes)
        .filter(label -> pixels[label] > 0 == present)
        .boxed()
        .toList();
  }

  private double percent(int label) {
    return 100.0 * pixels[label] / Arrays.stream(pixels).sum();
  }

  /**
   * What of these counts a user may not expect, with figures and what to do, in whole sentences:
   * classes that never occur, a single one that does, more than half of the pixels ignored,
   * palettes that differ.
   *
   * @param classNames one for each class, or none
   */
  public List<String> remarks(List<String> classNames) {
    List<String> remarks = new ArrayList<>(palettes.remarks());
    List<Integer> present = present();
    if (present.size() == 1 && classes > 1) {
      remarks.add(single(present.get(0), classNames));
      return remarks;
    }
    if (pixels[0] == 0) {
      remarks.add(
          "Class %s never occurs in the masks. If their labels begin with 1, subtract 1 from each: the first class is 0, mostly background, and the last %d."
              .formatted(name(0, classNames), classes - 1));
    }
    List<Integer> absent = those(false).stream().filter(label -> label > 0).toList();
    if (!absent.isEmpty()) {
      remarks.add(
          "%s in the masks: nothing is learnt or measured of what is not there. Check the numbers in the masks, and the number of classes."
              .formatted(occurs(absent, classNames)));
    }
    if (percent(LabelMap.VOID) > 50) {
      remarks.add(
          format(
              "%.1f %% of the masks' pixels are 255, which is ignored in training and evaluation. If they are of a class, give them its number.",
              percent(LabelMap.VOID)));
    }
    return remarks;
  }

  private String single(int label, List<String> classNames) {
    String name = name(label, classNames);
    if (pixels[LabelMap.VOID] == 0) {
      return "The masks have class %s alone: there is nothing to tell apart, and a model that always says %s is 100 %% right. Check the numbers in the masks."
          .formatted(name, name);
    }
    return format(
        "The masks have class %s (%.1f %% of the pixels) and 255 (%.1f %%) alone. 255 is ignored, so a model that always says %s is 100 %% right. If 255 marks a class, as in masks of 0 and 255, give it a number of its own, such as 1.",
        name, percent(label), percent(LabelMap.VOID), name);
  }

  private String occurs(List<Integer> absent, List<String> classNames) {
    String names =
        absent.stream()
            .limit(CLASSES_NAMED)
            .map(label -> name(label, classNames))
            .collect(Collectors.joining(", "));
    if (absent.size() == 1) {
      return "Class " + names + " (of " + classes + ") never occurs";
    }
    String more = absent.size() > CLASSES_NAMED ? ", ..." : "";
    return "%d of %d classes (%s%s) never occur".formatted(absent.size(), classes, names, more);
  }

  /**
   * The number of a class, and its name where there is one.
   *
   * @param classNames one for each class, or none
   */
  public static String name(int label, List<String> classNames) {
    return classNames.isEmpty() ? String.valueOf(label) : label + " " + classNames.get(label);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
