package dev.atrous.runtime.tensorflow;

import java.util.Arrays;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/** Two ways to compute something on this machine's processor, timed by turns. */
public final class Race {
  private static final int RUNS = 7;

  private Race() {}

  /**
   * How many times as fast the second way is: the least time of the one by that of the other.
   *
   * @param first adds an operation to a graph
   * @param second adds another one
   * @throws RuntimeException if TensorFlow can't compute one of them here
   */
  public static double ratio(
      Function<Ops, ? extends Op> first, Function<Ops, ? extends Op> second) {
    NativeLibrary.load();
    try (Graph graph = new Graph();
        Session session = new Session(graph, Device.CPU.config(0))) {
      Ops tf = Ops.create(graph);
      Op one = first.apply(tf);
      Op other = second.apply(tf);
      double[][] times = new double[2][RUNS];
      for (int run = -1; run < RUNS; run++) { // the first allocates
        times[0][Math.max(run, 0)] = time(session, one);
        times[1][Math.max(run, 0)] = time(session, other);
      }
      return least(times[0]) / least(times[1]);
    }
  }

  private static double time(Session session, Op operation) {
    long begin = System.nanoTime();
    session.runner().addTarget(operation).run().close();
    return System.nanoTime() - begin;
  }

  private static double least(double[] times) {
    return Arrays.stream(times).min().orElseThrow();
  }
}
