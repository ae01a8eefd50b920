package dev.atrous.runtime.data;

/**
 * The colours of PASCAL VOC masks. Label bits 0, 1, 2 are the highest bits of red, green and blue,
 * bits 3, 4, 5 the next ones, bits 6 and 7 the third of red and green: neighbouring labels get
 * colours far apart. 0 is black, 1 is (128, 0, 0), 255 is (224, 224, 192). The map is that of
 * {@code VOClabelcolormap.m} in the <a
 * href="http://host.robots.ox.ac.uk/pascal/VOC/voc2012/#devkit">VOC development kit</a>.
 */
public final class Palette {
  private static final int SIZE = 256;

  private Palette() {}

  /**
   * The colour of a label as {@code 0xRRGGBB}.
   *
   * @param label 0..255
   * @throws IllegalArgumentException if the label is out of range
   */
  public static int rgb(int label) {
    if (label < 0 || label >= SIZE) {
      throw new IllegalArgumentException("label " + label + " is not in 0..255");
    }
    int rgb = 0;
    for (int bit = 0; bit < 8; bit++) {
      int channel = bit % 3; // red, green, blue
      int depth = 7 - bit / 3;
      rgb |= (label >> bit & 1) << (8 * (2 - channel) + depth);
    }
    return rgb;
  }

  /** The colours of all labels, three bytes each. */
  static byte[] bytes() {
    byte[] bytes = new byte[3 * SIZE];
    for (int label = 0; label < SIZE; label++) {
      for (int channel = 0; channel < 3; channel++) {
        bytes[3 * label + channel] = (byte) (rgb(label) >> (16 - 8 * channel));
      }
    }
    return bytes;
  }
}
