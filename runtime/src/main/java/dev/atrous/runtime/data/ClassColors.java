package dev.atrous.runtime.data;

import java.util.Arrays;

/**
 * The colours that labels are shown in: the user's own, where the rules for labels have colours, or
 * those of {@link Palette}. A class whose colour is black is background: an {@link Overlay} leaves
 * it as it is.
 */
public final class ClassColors {
  /** The colours of PASCAL VOC, whose class 0 is black. */
  public static final ClassColors VOC = new ClassColors(new int[0]);

  private static final int LABELS = 256;

  private final int[] colors = new int[LABELS]; // 0xRRGGBB

  /**
   * @param own by label, {@code 0xRRGGBB}; -1, and labels beyond, for the palette's
   */
  ClassColors(int[] own) {
    Arrays.setAll(
        colors, label -> label < own.length && own[label] >= 0 ? own[label] : Palette.rgb(label));
  }

  /**
   * The colour of a label as {@code 0xRRGGBB}.
   *
   * @param label 0..255
   */
  public int rgb(int label) {
    return colors[label];
  }

  /** Whether a label is not painted over an image. */
  boolean isBackground(int label) {
    return colors[label] == 0;
  }

  /** A picture of labels in their colours. */
  public Image picture(LabelMap labels) {
    byte[] rgb = new byte[3 * labels.labels().length];
    for (int i = 0; i < labels.labels().length; i++) {
      int color = colors[Byte.toUnsignedInt(labels.labels()[i])];
      for (int channel = 0; channel < 3; channel++) {
        rgb[3 * i + channel] = (byte) (color >> (16 - 8 * channel));
      }
    }
    return new Image(labels.width(), labels.height(), rgb);
  }
}
