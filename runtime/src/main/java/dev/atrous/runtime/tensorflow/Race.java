package dev.atrous.runtime.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TType;

/** Two ways to compute something on this machine, timed by turns. */
public final class Race {
  private static final Logger log = LoggerFactory.getLogger(Race.class);
  private static final int RUNS = 7;

  private final Device device;
  private final boolean xla;

  private Race(Device device, boolean xla) {
    this.device = device;
    this.xla = xla;
  }

  /** Of operations that the processor runs one by one. */
  public static Race onCpu() {
    return new Race(Device.CPU, false);
  }

  /**
   * Of programs that XLA compiles.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   */
  public static Race underXla(Device device) {
    return new Race(device, true);
  }

  /** A way to compute something from tensors. */
  @FunctionalInterface
  public interface Way {
    /**
     * Adds operations to a graph.
     *
     * @param inputs of known shapes
     * @return the last one; under XLA, a float32
     */
    Operand<? extends TType> from(Ops tf, List<Operand<? extends TType>> inputs);
  }

  /**
   * Whether a way is clearly faster than the usual one. That it can't be computed here is a no.
   *
   * @param what it is, for the log
   * @param least how many times as fast it has to be
   * @param inputs of both
   */
  public boolean isWonBy(
      String what,
      double least,
      Function<Ops, List<Operand<? extends TType>>> inputs,
      Way usual,
      Way other) {
    try {
      double ratio = ratio(inputs, usual, other);
      log.debug("{}: {} times as fast", what, ratio);
      return ratio > least;
    } catch (RuntimeException e) {
      log.debug("{}: not here", what, e);
      return false;
    }
  }

  /** The least time of the one by that of the other. */
  private double ratio(
      Function<Ops, List<Operand<? extends TType>>> inputs, Way first, Way second) {
    NativeLibrary.load();
    if (xla) {
      Xla.load(device);
    }
    try (Graph graph = new Graph();
        Session session = device.open(graph, device.config(0))) {
      Ops tf = device.place(Ops.create(graph));
      List<Operand<? extends TType>> given = inputs.apply(tf);
      Operand<?> one = result(tf, given, first);
      Operand<?> other = result(tf, given, second);
      double[][] times = new double[2][RUNS];
      for (int run = -1; run < RUNS; run++) { // the first allocates, and compiles
        times[0][Math.max(run, 0)] = time(session, one);
        times[1][Math.max(run, 0)] = time(session, other);
      }
      return least(times[0]) / least(times[1]);
    }
  }

  private Operand<?> result(Ops tf, List<Operand<? extends TType>> inputs, Way way) {
    if (!xla) {
      return way.from(tf, inputs);
    }
    try (Graph graph = new Graph()) {
      Ops ops = device.place(Ops.create(graph));
      Signature.Builder signature = Signature.builder("atrous_race");
      List<Operand<? extends TType>> arguments = new ArrayList<>();
      for (Operand<? extends TType> input : inputs) {
        Placeholder<?> argument = ops.placeholder(input.type(), Placeholder.shape(input.shape()));
        signature.input("input" + arguments.size(), argument);
        arguments.add(argument);
      }
      signature.output("result", way.from(ops, arguments));
      try (ConcreteFunction function = ConcreteFunction.create(signature.build(), graph)) {
        return Xla.call(tf, function, inputs.stream().<Output<?>>map(Operand::asOutput).toList());
      }
    }
  }

  private double time(Session session, Operand<?> result) {
    Session.Runner runner = session.runner();
    long begin = System.nanoTime();
    (xla ? runner.fetch(result) : runner.addTarget(result)).run().close();
    return System.nanoTime() - begin;
  }

  private static double least(double[] times) {
    return Arrays.stream(times).min().orElseThrow();
  }
}
