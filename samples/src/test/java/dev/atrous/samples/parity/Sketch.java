package dev.atrous.samples.parity;

import java.util.Arrays;
import java.util.List;

/**
 * A large tensor in a few numbers: its L2 norm, projections (sums of all entries with random signs)
 * and its largest entries.
 *
 * <p>A projection of the difference of two tensors is the difference of their projections, and its
 * expected square is the square of the difference's L2 norm. So the mean of the squares over
 * {@value #PROJECTIONS} projections measures how far two tensors are apart without having both of
 * them. A single wrong entry shows in full in every projection; of differences all over the tensor,
 * one in ten million is ten times as large as it is measured.
 *
 * @param norm of the expected tensor
 * @param projections of the expected tensor
 * @param entries of the expected tensor, as {@code index:value}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sketch(double norm, double[] projections, List<String> entries) {
  static final int PROJECTIONS = 8;

  static Sketch of(List<String> golden) {
    double[] numbers =
        golden.subList(0, 1 + PROJECTIONS).stream().mapToDouble(Double::parseDouble).toArray();
    return new Sketch(
        numbers[0],
        Arrays.copyOfRange(numbers, 1, numbers.length),
        golden.subList(numbers.length, golden.size()));
  }

  /**
   * The projections of a part of a tensor.
   *
   * @param name of the tensor: the signs follow from it
   * @param begin first element
   * @param end behind the last element
   */
  static double[] project(String name, float[] tensor, int begin, int end) {
    int key = Formula.key(name + "/signs");
    double[] sums = new double[PROJECTIONS];
    for (int i = begin; i < end; i++) {
      int bits = Formula.hashed(key, i);
      for (int k = 0; k < PROJECTIONS; k++) {
        sums[k] += (bits >>> k & 1) == 0 ? tensor[i] : -tensor[i];
      }
    }
    return sums;
  }

  /** The L2 norm of a difference, as its projections measure it. */
  static double distance(double[] projections, double[] expected) {
    double squares = 0;
    for (int k = 0; k < projections.length; k++) {
      double difference = projections[k] - expected[k];
      squares += difference * difference;
    }
    return Math.sqrt(squares / projections.length);
  }

  /**
   * The error of a tensor relative to the L2 norm of the expected one: the largest of what the
   * projections, the norm and the entries say.
   */
  double error(String name, float[] tensor) {
    double squares = 0;
    for (float value : tensor) {
      squares += (double) value * value;
    }
    double error =
        Math.max(
            distance(project(name, tensor, 0, tensor.length), projections),
            Math.abs(Math.sqrt(squares) - norm));
    for (String entry : entries) {
      String[] parts = entry.split(":", 2);
      double expected = Double.parseDouble(parts[1]);
      error = Math.max(error, Math.abs(tensor[Integer.parseInt(parts[0])] - expected));
    }
    return error / norm;
  }
}
