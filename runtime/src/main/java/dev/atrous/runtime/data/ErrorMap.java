package dev.atrous.runtime.data;

/** Where a prediction is wrong, as a picture. */
public final class ErrorMap {
  /** The colour of wrong pixels, {@code 0xRRGGBB}. */
  public static final int WRONG = 0xe0301e;

  /** The colour of pixels that the truth leaves out, {@code 0xRRGGBB}. */
  public static final int LEFT_OUT = 0x5b7fb5;

  private ErrorMap() {}

  /**
   * Wrong pixels and those that the truth leaves out in their colours, over a pale, grey image.
   *
   * @param truth of the size of the image
   * @param prediction of the size of the image
   */
  public static Image of(Image image, LabelMap truth, LabelMap prediction) {
    LabelledImage.checkSameSize(image, truth);
    LabelledImage.checkSameSize(image, prediction);
    byte[] rgb = image.inColors().values().clone();
    for (int i = 0; i < truth.labels().length; i++) {
      int label = Byte.toUnsignedInt(truth.labels()[i]);
      int color;
      if (label == LabelMap.VOID) {
        color = LEFT_OUT;
      } else if (truth.labels()[i] != prediction.labels()[i]) {
        color = WRONG;
      } else {
        int sum = 0;
        for (int channel = 0; channel < 3; channel++) {
          sum += Byte.toUnsignedInt(rgb[3 * i + channel]);
        }
        color = (0xff - (0xff - sum / 3) / 2) * 0x010101;
      }
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (byte) (color >> (16 - 8 * channel));
      }
    }
    return new Image(image.width(), image.height(), rgb);
  }
}
