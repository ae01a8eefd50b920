package dev.atrous.processor.interpreter;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Numbers in row-major order with a shape. Immutable outside of this package. */
public final class Tensor {
  private final List<Integer> shape;
  private final double[] values;

  private Tensor(List<Integer> shape, double[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    int elements = elements(shape);
    if (values.length != elements) {
      throw new IllegalArgumentException(
          "the shape " + shape + " has " + elements + " elements, not " + values.length);
    }
  }

  private static int elements(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /** A tensor of given elements. */
  public static Tensor of(List<Integer> shape, double... values) {
    return new Tensor(shape, values.clone());
  }

  /** A tensor of given elements, as TensorFlow keeps them. */
  public static Tensor of(List<Integer> shape, float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return new Tensor(shape, wide);
  }

  /** A tensor without axes. */
  public static Tensor scalar(double value) {
    return of(List.of(), value);
  }

  /** A tensor of zeros. */
  public static Tensor zeros(List<Integer> shape) {
    return new Tensor(shape, new double[elements(shape)]);
  }

  /** A tensor whose elements are all the same. */
  public static Tensor filled(List<Integer> shape, double value) {
    return zeros(shape).map(any -> value);
  }

  /** Elements spread evenly between two bounds. */
  public static Tensor uniform(List<Integer> shape, Random random, double from, double to) {
    return zeros(shape).map(any -> from + (to - from) * random.nextDouble());
  }

  /** A wrapper of an array that the caller does not change any more. */
  static Tensor wrap(List<Integer> shape, double[] values) {
    return new Tensor(shape, values);
  }

  public List<Integer> shape() {
    return shape;
  }

  /** Size of one axis. */
  public int size(int axis) {
    return shape.get(axis);
  }

  /** Number of elements. */
  public int length() {
    return values.length;
  }

  /** The elements in row-major order. */
  public double[] values() {
    return values.clone();
  }

  /** The elements, rounded as TensorFlow keeps them. */
  public float[] toFloats() {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  /** The elements, 0 to 255, as unsigned bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) values[i];
    }
    return bytes;
  }

  /** The array itself: not to be changed once the tensor is given away. */
  double[] data() {
    return values;
  }

  /** An element by its position in row-major order. */
  public double at(int position) {
    return values[position];
  }

  /** An element by its index along each axis. */
  public double get(int... index) {
    int position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      position = position * size(axis) + index[axis];
    }
    return values[position];
  }

  /** A copy with one element changed. */
  public Tensor with(int position, double value) {
    double[] changed = values.clone();
    changed[position] = value;
    return new Tensor(shape, changed);
  }

  /** A function of every element. */
  public Tensor map(DoubleUnaryOperator function) {
    return new Tensor(shape, Arrays.stream(values).map(function).toArray());
  }

  /** A function of every pair of elements of two tensors of one shape. */
  public Tensor zip(Tensor other, DoubleBinaryOperator function) {
    requireShape(other);
    double[] results = new double[values.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = function.applyAsDouble(values[i], other.values[i]);
    }
    return new Tensor(shape, results);
  }

  /** Sum of the products of the elements of two tensors of one shape. */
  public double dot(Tensor other) {
    return Arrays.stream(zip(other, (a, b) -> a * b).values).sum();
  }

  /** The largest absolute value of an element. */
  public double largest() {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /** The largest absolute difference to a tensor of the same shape. */
  public double distance(Tensor other) {
    return zip(other, (a, b) -> a - b).largest();
  }

  private void requireShape(Tensor other) {
    if (!shape.equals(other.shape)) {
      throw new IllegalArgumentException("the shapes " + shape + " and " + other.shape + " differ");
    }
  }

  @Override
  public String toString() {
    return "Tensor" + shape + Arrays.toString(values);
  }
}
