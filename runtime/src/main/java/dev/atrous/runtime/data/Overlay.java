package dev.atrous.runtime.data;

/** Labels painted over their image, to look at. */
public final class Overlay {
  private Overlay() {}

  /**
   * Labels in the colours of PASCAL VOC; see {@link #of(Image, LabelMap, ClassColors)}.
   *
   * @param labels {@code [H, W]}
   * @return a new image of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public static Image of(Image image, LabelMap labels) {
    return of(image, labels, ClassColors.VOC);
  }

  /**
   * Blends the colour of each label with the image, half and half. A labelled pixel beside another
   * label gets the pure colour, which outlines each region; a label whose colour is black, mostly
   * that of the background, is left as it is.
   *
   * @param image shown {@linkplain Image#inColors in colours}
   * @param labels {@code [H, W]}
   * @return a new image of the same size
   * @throws IllegalArgumentException if the sizes differ
   */
  public static Image of(Image image, LabelMap labels, ClassColors colors) {
    LabelledImage.checkSameSize(image, labels);
    byte[] rgb = image.inColors().values().clone();
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        int label = labels.label(x, y);
        if (!colors.isBackground(label)) {
          paint(rgb, 3 * (y * labels.width() + x), colors.rgb(label), onBoundary(labels, x, y));
        }
      }
    }
    return new Image(image.width(), image.height(), rgb);
  }

  private static void paint(byte[] rgb, int at, int color, boolean pure) {
    for (int channel = 0; channel < 3; channel++) {
      int value = color >> (16 - 8 * channel) & 0xff;
      int old = Byte.toUnsignedInt(rgb[at + channel]);
      rgb[at + channel] = (byte) (pure ? value : (value + old) / 2);
    }
  }

  private static boolean onBoundary(LabelMap labels, int x, int y) {
    int label = labels.label(x, y);
    return (x > 0 && labels.label(x - 1, y) != label)
        || (x < labels.width() - 1 && labels.label(x + 1, y) != label)
        || (y > 0 && labels.label(x, y - 1) != label)
        || (y < labels.height() - 1 && labels.label(x, y + 1) != label);
  }
}
