package dev.atrous.samples.shapes;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/**
 * What a surface looks like: two colours mixed by a pattern. A hue is shared by two classes and by
 * backgrounds, so that colour alone does not give a class away; the pattern belongs to the class,
 * at any period, angle and contrast.
 *
 * @param pattern background: 0, plain, or 7, a gradient; an object: its label
 * @param period of the pattern, in pixels
 * @param angle of the pattern, in radians
 * @param first red, green and blue, 0..255
 * @param second red, green and blue, 0..255
 */
@SuppressWarnings("ArrayRecordComponent") // local to a scene, never compared
record Texture(int pattern, double period, double angle, double[] first, double[] second) {
  private static final int GRADIENT = 7;
  private static final double MIN_CONTRAST = 25; // of the pattern, to either side of the mean
  private static final double MAX_CONTRAST = 50;
  private static final double MAX_TILT = 0.4;
  private static final int HUES = 3; // ranges, each shared by two classes, and by backgrounds
  private static final double SPREAD = 0.5; // of a range, as a share of a third of the circle
  private static final double SHIFT = 0.35; // between the two classes of a range

  /** A texture for a class; 0 is the background. */
  static Texture random(int label, SplittableRandom random) {
    double hue = label == 0 ? random.nextDouble() : hue(label, random);
    float saturation = (float) random.nextDouble(0.3, 0.9);
    float brightness = (float) random.nextDouble(0.35, 0.9);
    int mean = Color.HSBtoRGB((float) hue, saturation, brightness);
    double half = random.nextDouble(MIN_CONTRAST, MAX_CONTRAST);
    double[] first = new double[3];
    double[] second = new double[3];
    for (int channel = 0; channel < 3; channel++) {
      int value = mean >> (16 - 8 * channel) & 0xff;
      first[channel] = value + half;
      second[channel] = value - half;
    }
    return new Texture(
        label == 0 && random.nextBoolean() ? GRADIENT : label,
        random.nextDouble(7, 14),
        random.nextDouble(-MAX_TILT, MAX_TILT),
        first,
        second);
  }

  /** Two classes share most of a range of hues, in different parts of the circle for each pair. */
  private static double hue(int label, SplittableRandom random) {
    double begin = label > HUES ? SHIFT : 0;
    return (label % HUES + begin + random.nextDouble(SPREAD)) / HUES;
  }

  /** Distance of the mean colours of two textures, 0..442. */
  double distance(Texture other) {
    double sum = 0;
    for (int channel = 0; channel < 3; channel++) {
      double difference =
          (first[channel] + second[channel] - other.first[channel] - other.second[channel]) / 2;
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** The texture over a whole image. */
  BufferedImage paint(int width, int height, SplittableRandom random) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double span = Math.hypot(width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = x * cos + y * sin;
        double v = y * cos - x * sin;
        image.setRGB(x, y, mixed(share(u, v, span, random)));
      }
    }
    return image;
  }

  /** Share of the second colour, 0..1, at (u, v) in the coordinates of the pattern. */
  private double share(double u, double v, double span, SplittableRandom random) {
    return switch (pattern) {
      case 0 -> 0.5;
      case 1 -> inSecondHalf(u) ? 1 : 0; // stripes
      case 2 -> inSecondHalf(u) == inSecondHalf(v) ? 1 : 0; // checks
      case 3 -> Math.hypot(phase(u) - 0.5, phase(v) - 0.5) < 0.35 ? 1 : 0; // dots
      case 4 -> phase(u) < 0.25 || phase(v) < 0.25 ? 1 : 0; // a grid
      case 5 -> random.nextDouble(); // noise
      case 6 -> inSecondHalf(u + Math.abs(phase(v) - 0.5) * 2 * period) ? 1 : 0; // zigzag
      default -> Math.min(Math.max(0.5 + u / span, 0), 1); // gradient
    };
  }

  private double phase(double u) {
    return u / period - Math.floor(u / period);
  }

  private boolean inSecondHalf(double u) {
    return phase(u) >= 0.5;
  }

  private int mixed(double share) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      double value = first[channel] + share * (second[channel] - first[channel]);
      rgb = rgb << 8 | (int) Math.min(Math.max(value, 0), 255);
    }
    return rgb;
  }
}
