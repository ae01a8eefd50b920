package dev.atrous.runtime.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Values of 16 bits in an array of bytes, two for each, in the order that the machine and so
 * TensorFlow has them.
 */
final class ShortValues {
  private static final VarHandle VALUES =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private ShortValues() {}

  /**
   * A value, 0..65535.
   *
   * @param index of the value, not of its byte
   */
  static int get(byte[] bytes, int index) {
    return Short.toUnsignedInt((short) VALUES.get(bytes, Short.BYTES * index));
  }

  /** Sets a value to the lower 16 bits of a number. */
  static void set(byte[] bytes, int index, int value) {
    VALUES.set(bytes, Short.BYTES * index, (short) value);
  }
}
