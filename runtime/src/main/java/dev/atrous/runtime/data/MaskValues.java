package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a mask that is written has for each class: an index of a palette, or where values do not fit
 * into 8 bits, a grey value of 16.
 */
public final class MaskValues {
  /** The numbers of classes, in the colours of {@link Palette}. */
  public static final MaskValues CLASSES;

  private static final int SIZE = 256;

  static {
    int[] values = new int[SIZE];
    Arrays.setAll(values, label -> label);
    CLASSES = new MaskValues("numbers", values, Palette.bytes());
  }

  private final String name;
  private final int[] values; // by label; -1 for none
  private final Optional<byte[]> palette;

  private MaskValues(String name, int[] values, byte[] palette) {
    this.name = name;
    this.values = values;
    this.palette = Optional.of(palette);
  }

  private MaskValues(String name, int[] values) {
    this.name = name;
    this.values = values;
    boolean deep = Arrays.stream(values).anyMatch(value -> value > 255);
    palette = deep ? Optional.empty() : Optional.of(Palette.bytes());
  }

  /**
   * Grey values or indices.
   *
   * @param name of the rules that they are from
   * @param values by label; -1 for none
   */
  static MaskValues numbers(String name, int[] values) {
    return new MaskValues(name, values);
  }

  /**
   * Colours, those of a palette whose indices are the classes.
   *
   * @param name of the rules that they are from
   * @param colors by label; -1 for none
   */
  static MaskValues colors(String name, int[] colors) {
    byte[] palette = new byte[3 * SIZE];
    for (int label = 0; label < SIZE; label++) {
      for (int channel = 0; channel < 3 && colors[label] >= 0; channel++) {
        palette[3 * label + channel] = (byte) (colors[label] >> (16 - 8 * channel));
      }
    }
    int[] indices = new int[SIZE];
    Arrays.setAll(indices, label -> colors[label] < 0 ? -1 : label);
    return new MaskValues(name, indices, palette);
  }

  /** Three bytes for each colour; empty for grey values. */
  Optional<byte[]> palette() {
    return palette;
  }

  /** Of a pixel. */
  int bytes() {
    return palette.isPresent() ? 1 : 2;
  }

  /**
   * The bytes of a mask's pixels.
   *
   * @throws AtrousException if no value means one of the classes
   */
  byte[] of(byte[] labels) {
    if (this == CLASSES) {
      return labels;
    }
    byte[] bytes = new byte[bytes() * labels.length];
    int at = 0;
    for (byte label : labels) {
      int value = values[Byte.toUnsignedInt(label)];
      if (value < 0) {
        throw new AtrousException(
            "A mask can't be written in the values of %s: none means class %d."
                .formatted(name, Byte.toUnsignedInt(label)));
      }
      if (bytes() == 2) {
        bytes[at++] = (byte) (value >> 8);
      }
      bytes[at++] = (byte) value;
    }
    return bytes;
  }
}
