package dev.atrous.runtime.tensorflow;

import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Whether convolutions in bfloat16 are worth it on this processor. Its instructions do not tell:
 * some have those for bfloat16 at half the rate of the others. So a convolution is timed in either,
 * which takes a tenth of a second, once in a process.
 */
final class Bfloat16Speed {
  private static final Logger log = LoggerFactory.getLogger(Bfloat16Speed.class);

  /** How much faster it has to be: what surrounds convolutions gains less. */
  private static final double LEAST = 1.2;

  private static final int[] MAP = {1, 33, 33, 512};
  private static final int[] FILTER = {1, 1, 512, 512};
  private static final int RUNS = 7;

  private Bfloat16Speed() {}

  private static final class Holder {
    static final boolean PAYS = measure();
  }

  /** Whether it is clearly faster than float32. */
  static boolean pays() {
    return Holder.PAYS;
  }

  private static boolean measure() {
    NativeLibrary.load();
    try (Graph graph = new Graph();
        Session session = new Session(graph, Device.CPU.config(0))) {
      Ops tf = Ops.create(graph);
      Op float32 = convolution(tf, TFloat32.class);
      Op bfloat16 = convolution(tf, TBfloat16.class);
      double[][] seconds = new double[2][RUNS];
      for (int run = -1; run < RUNS; run++) { // the first allocates
        seconds[0][Math.max(run, 0)] = time(session, float32);
        seconds[1][Math.max(run, 0)] = time(session, bfloat16);
      }
      double ratio = fastest(seconds[0]) / fastest(seconds[1]);
      log.debug("convolutions in bfloat16 are {} times as fast as in float32", ratio);
      return ratio > LEAST;
    } catch (TensorFlowException | TFUnimplementedException | TFInvalidArgumentException e) {
      log.debug("no convolutions in bfloat16", e);
      return false;
    }
  }

  private static <N extends TFloating> Op convolution(Ops tf, Class<N> numbers) {
    return tf.nn.conv2d(
        ones(tf, MAP, numbers), ones(tf, FILTER, numbers), List.of(1L, 1L, 1L, 1L), "SAME");
  }

  private static <N extends TFloating> Operand<N> ones(Ops tf, int[] shape, Class<N> numbers) {
    return tf.ones(tf.constant(shape), numbers);
  }

  private static double time(Session session, Op operation) {
    long begin = System.nanoTime();
    session.runner().addTarget(operation).run().close();
    return System.nanoTime() - begin;
  }

  private static double fastest(double[] seconds) {
    return Arrays.stream(seconds).min().orElseThrow();
  }
}
