package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * A split of a folder in the PASCAL VOC layout:
 *
 * <pre>
 * JPEGImages/ID.jpg                     images
 * SegmentationClass/ID.png              masks, of the size of their image; see {@link LabelMap#read}
 * ImageSets/Segmentation/SPLIT.txt      the images of the split, one per line
 * </pre>
 *
 * <p>Images and masks may have any format that is read, and suffixes in upper or lower case; hidden
 * files are passed over. Of files that differ in the suffix alone, {@code .jpg}, {@code .jpeg} and
 * {@code .png} come first, for masks {@code .png}. A line of the split is an ID, with or without
 * suffix, or the paths of an image and its mask, relative to the folder of the data set; lines that
 * begin with {@code #} are comments.
 *
 * <p>An ID may occur more than once; such a sample is seen more often in training, as the hard
 * images of the paper's test-set recipe are.
 */
public final class VocDataset {
  /**
   * An image and its mask on disk.
   *
   * @param id the line of the split file without suffix; of a pair of paths, the image's name
   */
  public record Sample(String id, Path imagePath, Path maskPath) {}

  private static final int PROBLEMS_SHOWN = 5;

  private final Path root;
  private final String split;
  private final String name;
  private final int classes;
  private final List<Sample> samples;
  private final ImageSet images;

  private VocDataset(Path root, String split, int classes, List<Sample> samples, ImageSet images) {
    this.root = root.toAbsolutePath().normalize();
    this.split = split;
    this.name = name(root, split);
    this.classes = classes;
    this.samples = samples;
    this.images = images;
  }

  /**
   * Opens a split and checks that all of its files exist, that the headers of images and masks are
   * readable and that their sizes agree. No pixels are decoded; see {@link #validate}.
   *
   * @param root the folder that holds {@code JPEGImages}
   * @param split the name of a file in {@code ImageSets/Segmentation}, without {@code .txt}
   * @param classes number of classes with background, 1..255; labels are 0..classes-1 and 255
   * @throws AtrousException if a folder, the split or a sample can't be used; the message names the
   *     first few files and their number
   */
  public static VocDataset open(Path root, String split, int classes) {
    if (classes < 1 || classes > LabelMap.VOID) {
      throw new IllegalArgumentException(classes + " classes are not in 1..255");
    }
    requireFolder(root, root);
    requireFolder(root, root.resolve("JPEGImages"));
    requireFolder(root, root.resolve("SegmentationClass"));
    Path lists = root.resolve("ImageSets").resolve("Segmentation");
    requireFolder(root, lists);
    Path list = FileNames.resolve(lists, split + ".txt");
    if (!Files.isRegularFile(list)) {
      throw new AtrousException(
          "Split '" + split + "' doesn't exist: there is no " + list + ". " + otherSplits(lists));
    }
    List<Sample> samples = SplitFile.read(root, list);
    Map<Path, ImageHeader> headers = new ConcurrentHashMap<>();
    check(name(root, split), samples, sample -> checkFiles(sample, list, headers));
    return new VocDataset(root, split, classes, samples, ImageSet.of(headers));
  }

  private static String name(Path root, String split) {
    return root.toAbsolutePath().normalize().getFileName() + "/" + split;
  }

  private static void requireFolder(Path root, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new AtrousException(
          "Folder "
              + folder
              + " doesn't exist. The data set "
              + root
              + " needs the PASCAL VOC layout: JPEGImages, SegmentationClass and"
              + " ImageSets/Segmentation. Check the path of the data set.");
    }
  }

  private static String otherSplits(Path lists) {
    try (Stream<Path> files = Files.list(lists)) {
      List<String> names =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(file -> file.endsWith(".txt"))
              .map(file -> file.substring(0, file.length() - ".txt".length()))
              .sorted()
              .toList();
      return names.isEmpty()
          ? "Write one, with the ID of an image on each line."
          : "Use one of those that do: " + String.join(", ", names) + ".";
    } catch (IOException e) {
      throw new AtrousException("Folder " + lists + " can't be listed: " + e, e);
    }
  }

  private static void checkFiles(Sample sample, Path list, Map<Path, ImageHeader> headers) {
    for (Path file : List.of(sample.imagePath(), sample.maskPath())) {
      if (!Files.isRegularFile(file)) {
        throw new UnusableFile(
            file + " is missing", "Add what is missing, or remove the IDs from " + list + ".");
      }
    }
    ImageHeader image = ImageFiles.header(sample.imagePath());
    ImageHeader mask = ImageFiles.header(sample.maskPath());
    if (!image.size().equals(mask.size())) {
      throw sizesDiffer(sample, image, mask);
    }
    headers.put(sample.imagePath(), image);
  }

  private static UnusableFile sizesDiffer(Sample sample, ImageHeader image, ImageHeader mask) {
    String fact =
        "Mask %s is %s, but image %s is %s"
            .formatted(sample.maskPath(), mask.size(), sample.imagePath(), image.size());
    if (mask.size().equals(image.stored())) {
      return new UnusableFile(
          fact + " as it is shown: EXIF says to turn it, and the mask was made without that",
          "Turn such masks like their images, or remove the orientation from the images (exiftool"
              + " -Orientation= IMAGE), so that they are shown as their masks are.");
    }
    return new UnusableFile(
        fact, "Both need the same size. Make the mask anew, or resize it without interpolation.");
  }

  /**
   * Decodes every image and every mask, in parallel, and checks that labels are 0..classes-1 or
   * 255. {@link #load} checks the same for one sample; this finds out before a long training
   * starts.
   *
   * @param progress is told the number of samples done, by one thread at a time
   * @return how often each label occurs; a sample that the split names twice counts once
   * @throws AtrousException naming the first few files that don't pass, and their number, or if all
   *     pixels are to be ignored
   */
  public LabelCounts validate(IntConsumer progress) {
    LabelCounts counts = new LabelCounts(classes);
    AtomicInteger done = new AtomicInteger();
    check(
        name,
        samples,
        sample -> {
          counts.add(
              decode(
                      sample,
                      (palette, labels) -> counts.addPalette(sample.maskPath(), palette, labels))
                  .labels());
          synchronized (done) {
            progress.accept(done.incrementAndGet());
          }
        });
    if (counts.present().isEmpty()) {
      throw new AtrousException(
          "Every pixel of the masks of data set %s is 255, which is ignored: there is nothing to learn or to measure. Give the pixels of each class its number, 0..%d."
              .formatted(name, classes - 1));
    }
    return counts;
  }

  /** Applies a check to each sample once, in parallel, and reports all that fail in one go. */
  private static void check(String name, List<Sample> samples, Consumer<Sample> check) {
    List<Sample> distinct = samples.stream().distinct().toList();
    List<UnusableFile> problems =
        distinct.parallelStream()
            .map(
                sample -> {
                  try {
                    check.accept(sample);
                    return Optional.<UnusableFile>empty();
                  } catch (UnusableFile e) {
                    return Optional.of(e);
                  }
                })
            .flatMap(Optional::stream)
            .toList();
    if (problems.isEmpty()) {
      return;
    }
    List<UnusableFile> shown = problems.subList(0, Math.min(problems.size(), PROBLEMS_SHOWN));
    StringBuilder message = new StringBuilder();
    message.append(
        "Data set %s: %d of %d samples can't be used."
            .formatted(name, problems.size(), distinct.size()));
    shown.forEach(problem -> message.append("\n  - ").append(problem.fact()));
    if (problems.size() > PROBLEMS_SHOWN) {
      message.append("\n  and ").append(problems.size() - PROBLEMS_SHOWN).append(" more");
    }
    shown.stream()
        .map(UnusableFile::advice)
        .distinct()
        .forEach(a -> message.append('\n').append(a));
    throw new AtrousException(message.toString());
  }

  private void checkLabels(Sample sample, LabelMap mask) {
    byte[] labels = mask.labels();
    int first = -1;
    int greatest = 0;
    for (int at = 0; at < labels.length; at++) {
      int label = Byte.toUnsignedInt(labels[at]);
      if (label >= classes && label != LabelMap.VOID) {
        first = first < 0 ? at : first;
        greatest = Math.max(greatest, label);
      }
    }
    if (first >= 0) {
      throw new UnusableFile(
          "Mask %s has label %d at x=%d, y=%d, and labels up to %d"
              .formatted(
                  sample.maskPath(),
                  Byte.toUnsignedInt(labels[first]),
                  first % mask.width(),
                  first / mask.width(),
                  greatest),
          ("The model has %d classes: labels 0..%d, and 255 for pixels to ignore. Raise classes to"
                  + " the greatest label and one, or map such labels to 255. Labels that begin with"
                  + " 1 need to be lowered by one.")
              .formatted(classes, classes - 1));
    }
  }

  /** The same samples, their images read with so many bands; see {@link ImageSet#withBands}. */
  public VocDataset withBands(int bands) {
    return new VocDataset(root, split, classes, samples, images.withBands(bands));
  }

  /**
   * Decodes an image and its mask.
   *
   * @throws AtrousException if one of them can't be decoded, their sizes differ or a label is out
   *     of range; the message names the file
   */
  public LabelledImage load(Sample sample) {
    try {
      return decode(sample, (palette, labels) -> {});
    } catch (UnusableFile e) {
      throw new AtrousException("Data set " + name + ": " + e.getMessage(), e);
    }
  }

  private LabelledImage decode(Sample sample, BiConsumer<IndexColorModel, byte[]> palettes) {
    RgbImage image = images.decode(sample.imagePath());
    LabelMap labels = LabelMap.decode(sample.maskPath(), palettes);
    if (image.width() != labels.width() || image.height() != labels.height()) {
      throw new UnusableFile(
          "The size of mask %s or of its image changed since the data set was opened"
              .formatted(sample.maskPath()),
          "Start again.");
    }
    checkLabels(sample, labels);
    return new LabelledImage(image, labels);
  }

  /** What was done to images that a user may not expect; see {@link ImageSet#remarks}. */
  public List<String> remarks() {
    return images.remarks();
  }

  /** The samples in the order of the split file. */
  public List<Sample> samples() {
    return samples;
  }

  /** Number of samples, repeated ones included. */
  public int size() {
    return samples.size();
  }

  /** Number of classes with background. */
  public int classes() {
    return classes;
  }

  /** The folder that holds {@code JPEGImages}, absolute. */
  public Path root() {
    return root;
  }

  /** The name of the split. */
  public String split() {
    return split;
  }

  /** The folder and the split, for messages: {@code VOC2012/train}. */
  public String name() {
    return name;
  }
}
