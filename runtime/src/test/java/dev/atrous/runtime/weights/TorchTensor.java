package dev.atrous.runtime.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A tensor to be written: a view of a storage. */
final class TorchTensor {
  private final String storage;
  private final String key;
  private final byte[] data;
  private final long elements;
  private final long offset;
  private final long[] sizes;
  private final long[] strides;

  TorchTensor(
      String storage,
      String key,
      byte[] data,
      long elements,
      long offset,
      long[] sizes,
      long[] strides) {
    this.storage = storage;
    this.key = key;
    this.data = data;
    this.elements = elements;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
  }

  /** A contiguous tensor of float32. */
  static TorchTensor of(String key, float[] values, long... sizes) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      data.putFloat(value);
    }
    return new TorchTensor(
        "FloatStorage", key, data.array(), values.length, 0, sizes, contiguous(sizes));
  }

  /** A contiguous tensor of 16 bits. */
  static TorchTensor of(String storage, String key, short[] values, long... sizes) {
    ByteBuffer data = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (short value : values) {
      data.putShort(value);
    }
    return new TorchTensor(storage, key, data.array(), values.length, 0, sizes, contiguous(sizes));
  }

  /** A counter, int64. */
  static TorchTensor counter(String key, long value) {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
    return new TorchTensor("LongStorage", key, data.array(), 1, 0, new long[0], new long[0]);
  }

  /** Another view of the storage. */
  TorchTensor view(long newOffset, long[] newSizes, long... newStrides) {
    return new TorchTensor(storage, key, data, elements, newOffset, newSizes, newStrides);
  }

  /** Name of its class. */
  String storage() {
    return storage;
  }

  /** Name of its entry. */
  String key() {
    return key;
  }

  byte[] data() {
    return data;
  }

  /** Size of the storage. */
  long elements() {
    return elements;
  }

  long offset() {
    return offset;
  }

  long[] sizes() {
    return sizes;
  }

  long[] strides() {
    return strides;
  }

  private static long[] contiguous(long[] sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= sizes[i];
    }
    return strides;
  }
}
