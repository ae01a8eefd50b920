package dev.atrous.runtime.tensorflow;

import java.util.Arrays;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/** Two ways to compute something on this machine's processor, timed by turns. */
public final class Race {
  private static final Logger log = LoggerFactory.getLogger(Race.class);
  private static final int RUNS = 7;

  private Race() {}

  /**
   * Whether a way is clearly faster than the usual one. That it can't be computed here is a no.
   *
   * @param what it is, for the log
   * @param least how many times as fast it has to be
   * @param usual adds an operation to a graph
   * @param other adds another one
   */
  public static boolean isWonBy(
      String what,
      double least,
      Function<Ops, ? extends Op> usual,
      Function<Ops, ? extends Op> other) {
    try {
      double ratio = ratio(usual, other);
      log.debug("{}: {} times as fast", what, ratio);
      return ratio > least;
    } catch (RuntimeException e) {
      log.debug("{}: not here", what, e);
      return false;
    }
  }

  /** The least time of the one by that of the other. */
  private static double ratio(
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
