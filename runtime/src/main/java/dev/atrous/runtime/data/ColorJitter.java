package dev.atrous.runtime.data;

import java.util.SplittableRandom;

/**
 * Random changes of the colours of a crop: brightness, contrast, saturation and hue, in random
 * order, each by a factor drawn uniformly; those of torchvision's {@code v2.ColorJitter} for images
 * of bytes. With the factor {@code f}, the grey of a pixel {@code g = floor(0.2989 R + 0.587 G +
 * 0.114 B)}, and {@code clip} cutting to 0..255 and then to whole numbers towards zero:
 *
 * <pre>
 * brightness   v -> clip(f v)                   f from max(0, 1 - brightness) to 1 + brightness
 * contrast     v -> clip(f v + (1 - f) m)       likewise; m is the mean of g over the crop
 * saturation   v -> clip(f v + (1 - f) g)       likewise
 * hue          H -> H + f in HSV, of a circle   f from -hue to hue
 * </pre>
 *
 * <p>Padding is left as it is and does not count in the mean.
 *
 * @param brightness 0 for none
 * @param contrast 0 for none
 * @param saturation 0 for none
 * @param hue in turns of the circle of colours, 0 for none, 0.5 for any
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue) {
  /** Leaves colours as they are. */
  public static final ColorJitter NONE = new ColorJitter(0, 0, 0, 0);

  private static final int CHANGES = 4;
  private static final float LEVELS = 255.999f / 255; // torchvision's way from floats to bytes

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException unless {@code hue} is in 0..0.5 and the others are 0 or more
   *     and finite
   */
  public ColorJitter {
    check("brightness", brightness, Double.MAX_VALUE);
    check("contrast", contrast, Double.MAX_VALUE);
    check("saturation", saturation, Double.MAX_VALUE);
    check("hue", hue, 0.5);
  }

  private static void check(String what, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(what + " of " + value);
    }
  }

  /**
   * Changes a crop.
   *
   * @param random of which the same number of values is drawn whatever is switched on
   * @param rgb of the batch
   * @param start first byte of the crop
   * @param region of the crop that shows the image
   */
  void apply(SplittableRandom random, byte[] rgb, int start, Region region) {
    float[] factors = {
      factor(random, brightness),
      factor(random, contrast),
      factor(random, saturation),
      (float) ((2 * random.nextDouble() - 1) * hue)
    };
    int[] order = {0, 1, 2, 3};
    for (int i = CHANGES - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    Crop crop = new Crop(rgb, start, region);
    for (int change : order) {
      float factor = factors[change];
      switch (change) {
        case 0 -> when(brightness, () -> crop.replace(table(factor, 0)));
        case 1 -> when(contrast, () -> crop.replace(table(factor, crop.meanGrey())));
        case 2 -> when(saturation, () -> crop.saturate(factor));
        default -> when(hue, () -> crop.turnHue(factor));
      }
    }
  }

  private static float factor(SplittableRandom random, double range) {
    double least = Math.max(0, 1 - range);
    return (float) (least + random.nextDouble() * (1 + range - least));
  }

  private static void when(double range, Runnable change) {
    if (range > 0) {
      change.run();
    }
  }

  /** What values become that are mixed with another value. */
  static byte[] table(float factor, float other) {
    byte[] table = new byte[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = (byte) clip(value * factor + (1 - factor) * other);
    }
    return table;
  }

  private static int clip(float value) {
    return (int) Math.max(0, Math.min(255, value));
  }

  private static float grey(int red, int green, int blue) {
    return (int) (0.2989f * red + 0.587f * green + 0.114f * blue);
  }

  /** The pixels of a crop that show the image. */
  @SuppressWarnings("ArrayRecordComponent") // local to a crop, never compared
  record Crop(byte[] rgb, int start, Region region) {
    private int first(int y) {
      return start + 3 * (y * region.side() + region.from()[y]);
    }

    private int end(int y) {
      return start + 3 * (y * region.side() + region.to()[y]);
    }

    void replace(byte[] table) {
      for (int y = 0; y < region.side(); y++) {
        for (int at = first(y); at < end(y); at++) {
          rgb[at] = table[rgb[at] & 0xff];
        }
      }
    }

    float meanGrey() {
      long sum = 0;
      long pixels = 0;
      for (int y = 0; y < region.side(); y++) {
        int end = end(y);
        for (int at = first(y); at < end; at += 3) {
          sum += (long) grey(rgb[at] & 0xff, rgb[at + 1] & 0xff, rgb[at + 2] & 0xff);
        }
        pixels += region.to()[y] - region.from()[y];
      }
      return pixels == 0 ? 0 : (float) ((double) sum / pixels);
    }

    void saturate(float factor) {
      for (int y = 0; y < region.side(); y++) {
        int end = end(y);
        for (int at = first(y); at < end; at += 3) {
          int red = rgb[at] & 0xff;
          int green = rgb[at + 1] & 0xff;
          int blue = rgb[at + 2] & 0xff;
          float other = (1 - factor) * grey(red, green, blue);
          rgb[at] = (byte) clip(red * factor + other);
          rgb[at + 1] = (byte) clip(green * factor + other);
          rgb[at + 2] = (byte) clip(blue * factor + other);
        }
      }
    }

    /**
     * Turns the hue, without HSV in between: hue is where the middle of the three values stands
     * between the least and the greatest, which stay.
     */
    void turnHue(float turn) {
      for (int y = 0; y < region.side(); y++) {
        int end = end(y);
        for (int at = first(y); at < end; at += 3) {
          int red = rgb[at] & 0xff;
          int green = rgb[at + 1] & 0xff;
          int blue = rgb[at + 2] & 0xff;
          int greatest = Math.max(red, Math.max(green, blue));
          int least = Math.min(red, Math.min(green, blue));
          int range = greatest - least;
          if (range != 0) {
            float sixths = 6 + 6 * turn + sixths(red, green, blue, greatest, 1f / range);
            sixths -= sixths >= 12 ? 12 : sixths >= 6 ? 6 : 0;
            set(at, sixths, greatest, least, range);
          }
        }
      }
    }

    /** The hue from -1 to 5. */
    private static float sixths(int red, int green, int blue, int greatest, float scale) {
      if (greatest == red) {
        return (green - blue) * scale;
      }
      return greatest == green ? 2 + (blue - red) * scale : 4 + (red - green) * scale;
    }

    private void set(int at, float sixths, int greatest, int least, int range) {
      int sector = (int) sixths;
      float part = range * (sixths - sector);
      byte top = (byte) greatest;
      byte bottom = (byte) least;
      // the value between the two falls in odd sectors and rises in even ones
      byte between = (byte) (int) (((sector & 1) == 0 ? least + part : greatest - part) * LEVELS);
      rgb[at] = sector == 0 || sector >= 5 ? top : sector == 1 || sector == 4 ? between : bottom;
      rgb[at + 1] =
          sector == 1 || sector == 2 ? top : sector == 0 || sector == 3 ? between : bottom;
      rgb[at + 2] =
          sector == 3 || sector == 4 ? top : sector == 2 || sector >= 5 ? between : bottom;
    }
  }
}
