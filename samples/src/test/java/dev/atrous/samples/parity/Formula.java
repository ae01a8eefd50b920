package dev.atrous.samples.parity;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The formula that weights, images and labels follow from, as {@code goldens.py} has it: integers
 * and single double operations, the same bits in both.
 */
final class Formula {
  private static final int CLASSES = 21;
  private static final int RADIX = 36;

  private Formula() {}

  /** Where the sequence of a name begins. */
  static int key(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** 32 bits for an element of a sequence. */
  static int hashed(int key, int index) {
    int x = index * 0x9E3779B9 + key;
    x = (x ^ x >>> 16) * 0x85EBCA6B;
    x = (x ^ x >>> 13) * 0xC2B2AE35;
    return x ^ x >>> 16;
  }

  /** A multiple of 2^-23, -1 to less than 1. */
  private static double uniform(int key, int index) {
    return (hashed(key, index) >>> 8) / 8388608.0 - 1;
  }

  /**
   * A tensor of torchvision's state dict.
   *
   * @param shape convolutions are {@code [outputs, inputs, height, width]}
   * @param moves a digit for each element that is moved by so many 32nds, less half of the digits;
   *     or empty
   * @return row-major
   */
  static float[] tensor(String name, List<Integer> shape, String moves) {
    int key = key(name);
    float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
    double bound =
        shape.size() == 4 ? Math.sqrt(6.0 / (shape.get(1) * shape.get(2) * shape.get(3))) : 0;
    for (int i = 0; i < values.length; i++) {
      double u = uniform(key, i);
      values[i] = (float) (bound > 0 ? u * bound : vector(name, u));
    }
    for (int i = 0; i < moves.length(); i++) {
      int move = Character.digit(moves.charAt(i), RADIX) - RADIX / 2;
      values[i] = (float) (values[i] + move / 32.0);
    }
    return values;
  }

  private static double vector(String name, double u) {
    if (name.endsWith(".running_var")) {
      return 1 + u / 4;
    }
    if (name.endsWith(".bn3.weight")) { // of the sum with the shortcut
      return (1 + u / 4) / 4;
    }
    return name.endsWith(".weight") ? 1 + u / 4 : u / 4;
  }

  /** RGB, {@code [count, height, width, 3]}: noise, each image darker than the one before. */
  static byte[] images(int count, int height, int width) {
    int key = key("images 79/%dx%dx%d".formatted(count, height, width));
    int size = height * width * 3;
    byte[] bytes = new byte[count * size];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((hashed(key, i) >>> 24) * (count - i / size) / count);
    }
    return bytes;
  }

  /** {@code [count, side, side]}; one in 22 is to be ignored. */
  static byte[] labels(int count, int side) {
    int key = key("labels");
    byte[] labels = new byte[count * side * side];
    for (int i = 0; i < labels.length; i++) {
      int label = Integer.remainderUnsigned(hashed(key, i), CLASSES + 1);
      labels[i] = (byte) (label == CLASSES ? 255 : label);
    }
    return labels;
  }
}
