package dev.atrous.samples.benchmarks;

import dev.atrous.runtime.kernel.Kernels;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Times of 3 x 3 convolutions and their derivatives on this machine, as TensorFlow has them and by
 * {@link WinogradKernel}: whether it gains anything, and from which size on.
 */
public final class WinogradTimes {
  private static final int RUNS = 9;
  private static final List<Case> CASES =
      List.of(
          new Case(1, 33, 256, 256, 1),
          new Case(1, 33, 512, 512, 2),
          new Case(1, 65, 256, 256, 2),
          new Case(1, 65, 512, 512, 4),
          new Case(2, 33, 256, 256, 2),
          new Case(2, 33, 512, 512, 4),
          new Case(2, 33, 1024, 256, 1),
          new Case(2, 65, 256, 256, 2),
          new Case(2, 65, 512, 512, 4));

  /** A convolution of {@code [images, side, side, inputs]} to {@code outputs} channels. */
  private record Case(int images, int side, int inputs, int outputs, int rate) {
    Shape map(int channels) {
      return Shape.of(images, side, side, channels);
    }

    Shape filter() {
      return Shape.of(3, 3, inputs, outputs);
    }
  }

  private WinogradTimes() {}

  /** Prints a table in milliseconds: medians, with and without by turns. */
  public static void main(String[] args) {
    if (!NativeLibrary.hasKernel("_MklBatchMatMulV2")) {
      System.err.println(
          "error: TensorFlow has no oneDNN here, so there are no direct convolutions to compare.");
      System.exit(2);
    }
    System.out.printf("%-34s %-18s %-18s %s%n", "", "convolution", "by the map", "by the weights");
    for (Case work : CASES) {
      double[][] times = times(work);
      System.out.printf(
          Locale.ROOT,
          "%d x %d x %d x %4d to %d, rate %d:  ",
          work.images,
          work.side,
          work.side,
          work.inputs,
          work.outputs,
          work.rate);
      for (double[] pair : times) {
        System.out.printf(Locale.ROOT, "%6.1f %6.1f %4.2f ", pair[0], pair[1], pair[0] / pair[1]);
      }
      System.out.println();
    }
  }

  /** Of the convolution and both derivatives: direct, by Winograd. */
  private static double[][] times(Case work) {
    Device device = Device.CPU.resolve();
    try (Graph graph = new Graph();
        TFloat32 map = ConvolutionRate.random(work.map(work.inputs));
        TFloat32 filter = ConvolutionRate.random(work.filter());
        TFloat32 gradient = ConvolutionRate.random(work.map(work.outputs));
        Session session = new Session(graph, device.config(0))) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = placeholder(tf, map);
      Placeholder<TFloat32> w = placeholder(tf, filter);
      Placeholder<TFloat32> dy = placeholder(tf, gradient);
      List<Operand<TFloat32>> direct = operations(tf, work, x, w, dy, new TensorFlowKernel());
      List<Operand<TFloat32>> winograd =
          operations(tf, work, x, w, dy, Kernels.training(tf, TFloat32.class, Device.CPU, false));
      double[][] medians = new double[direct.size()][];
      for (int i = 0; i < medians.length; i++) {
        List<Operand<TFloat32>> ways = List.of(direct.get(i), winograd.get(i));
        medians[i] =
            medians(
                ways,
                way ->
                    session
                        .runner()
                        .feed(x, map)
                        .feed(w, filter)
                        .feed(dy, gradient)
                        .addTarget(way)
                        .run()
                        .close());
      }
      return medians;
    }
  }

  /** Milliseconds of each way, which take turns; the first turn does not count. */
  private static double[] medians(
      List<Operand<TFloat32>> ways, Consumer<Operand<TFloat32>> action) {
    double[][] times = new double[ways.size()][RUNS];
    for (int run = -1; run < RUNS; run++) {
      for (int way = 0; way < times.length; way++) {
        long begin = System.nanoTime();
        action.accept(ways.get(way));
        times[way][Math.max(run, 0)] = (System.nanoTime() - begin) / 1e6;
      }
    }
    return Arrays.stream(times)
        .peek(Arrays::sort)
        .mapToDouble(sorted -> sorted[RUNS / 2])
        .toArray();
  }

  private static List<Operand<TFloat32>> operations(
      Ops tf,
      Case work,
      Operand<TFloat32> x,
      Operand<TFloat32> w,
      Operand<TFloat32> dy,
      ConvolutionKernel kernel) {
    Scopes scopes = new Scopes(tf);
    NetworkOps<TFloat32> nn =
        new NetworkOps<>(
            scopes, new Variables(tf, List.of()), tf.constant(0L), kernel, TFloat32.class);
    return List.of(
        nn.conv2d(x, w, 1, work.rate),
        new GradientOps(new Scopes(tf), kernel).conv2dInput(w, dy, x, 1, work.rate),
        new GradientOps(new Scopes(tf), kernel).conv2dFilter(x, dy, w, 1, work.rate));
  }

  private static Placeholder<TFloat32> placeholder(Ops tf, TFloat32 like) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(like.shape()));
  }
}
