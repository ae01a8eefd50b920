package dev.atrous.processor.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Element type and shape of a tensor. Feature maps are {@code [N, H, W, C]}, convolution weights
 * {@code [height, width, input channels, output channels]}, scalars {@code []}.
 */
public record TensorType(DataType dataType, List<Integer> shape) {
  public TensorType {
    shape = List.copyOf(shape);
    for (int size : shape) {
      if (size < 1) {
        throw new ShapeException("a tensor can't have the shape " + shape);
      }
    }
  }

  /** A tensor in float32. */
  public static TensorType f32(Integer... shape) {
    return new TensorType(DataType.FLOAT32, List.of(shape));
  }

  /** A tensor in the numbers of feature maps. */
  public static TensorType map(Integer... shape) {
    return new TensorType(DataType.MAP, List.of(shape));
  }

  /** A tensor of bytes. */
  public static TensorType u8(Integer... shape) {
    return new TensorType(DataType.UINT8, List.of(shape));
  }

  /** Size of one axis. */
  public int size(int axis) {
    return shape.get(axis);
  }

  /** Number of axes. */
  public int rank() {
    return shape.size();
  }

  /** Number of elements. */
  public long elements() {
    long elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    return elements;
  }

  /** Size of all elements where maps are in float32. */
  public long bytes() {
    return Math.multiplyExact(elements(), dataType.bytes());
  }

  /** Size of all elements where maps are in bfloat16. */
  public long bfloat16Bytes() {
    return Math.multiplyExact(elements(), dataType.bfloat16Bytes());
  }

  /** Written out, since what Java makes for records is slow before it has run often. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TensorType type
        && dataType == type.dataType
        && shape.equals(type.shape);
  }

  @Override
  public int hashCode() {
    return 31 * dataType.hashCode() + shape.hashCode();
  }

  /** {@code map[16, 33, 33, 256]}. */
  @Override
  public String toString() {
    return dataType + shape.toString();
  }
}
