package dev.atrous.runtime.data;

/** Pictures made smaller, to be looked at beside others. What is small already stays as it is. */
public final class Thumbnail {
  private Thumbnail() {}

  /**
   * An image in colours whose longer side has at most so many pixels, each the mean of those that
   * it stands for.
   */
  public static Image of(Image image, int side) {
    int width = scaled(image.width(), image.width(), image.height(), side);
    int height = scaled(image.height(), image.width(), image.height(), side);
    if (width == image.width() && height == image.height()) {
      return image.inColors();
    }
    Image colors = image.inColors();
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int channel = 0; channel < 3; channel++) {
          pixels[at++] = (byte) mean(colors, x, y, width, height, channel);
        }
      }
    }
    return new Image(width, height, pixels);
  }

  private static int mean(Image image, int x, int y, int width, int height, int channel) {
    int left = at(x, image.width(), width);
    int right = Math.max(left + 1, at(x + 1, image.width(), width));
    int top = at(y, image.height(), height);
    int bottom = Math.max(top + 1, at(y + 1, image.height(), height));
    long sum = 0;
    for (int row = top; row < bottom; row++) {
      for (int column = left; column < right; column++) {
        int pixel = row * image.width() + column;
        sum += Byte.toUnsignedInt(image.values()[3 * pixel + channel]);
      }
    }
    long count = (long) (right - left) * (bottom - top);
    return (int) ((sum + count / 2) / count);
  }

  private static int at(int position, int from, int to) {
    return (int) ((long) position * from / to);
  }

  /** A map of the same size as the image of its size has, with the labels in the middle. */
  public static LabelMap of(LabelMap labels, int side) {
    int width = scaled(labels.width(), labels.width(), labels.height(), side);
    int height = scaled(labels.height(), labels.width(), labels.height(), side);
    byte[] chosen = new byte[width * height];
    for (int y = 0, at = 0; y < height; y++) {
      int row = at(2 * y + 1, labels.height(), 2 * height);
      for (int x = 0; x < width; x++) {
        chosen[at++] = (byte) labels.label(at(2 * x + 1, labels.width(), 2 * width), row);
      }
    }
    return new LabelMap(width, height, chosen);
  }

  private static int scaled(int length, int width, int height, int side) {
    int longer = Math.max(width, height);
    return longer <= side ? length : Math.max(1, Math.round((float) length * side / longer));
  }
}
