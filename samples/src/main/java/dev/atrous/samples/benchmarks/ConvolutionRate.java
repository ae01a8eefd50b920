package dev.atrous.samples.benchmarks;

import dev.atrous.runtime.tensorflow.Device;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A large dense convolution that meets no padding, to see what rate this machine's convolutions
 * reach.
 *
 * @param kernel side of the filter
 * @param size rows and columns of the output
 * @param channels of the input and of the output
 */
record ConvolutionRate(int kernel, int size, int channels) {

  /** Multiplications of a run. */
  long multiplyAdds() {
    return (long) size * size * kernel * kernel * channels * channels;
  }

  /**
   * Multiply-adds per second of the fastest run, in float32 on all cores.
   *
   * @param runs that count; one before them does not
   */
  double measure(int runs) {
    Device device = Device.CPU.resolve();
    int input = size + kernel - 1;
    try (Graph graph = new Graph();
        TFloat32 images = random(Shape.of(1, input, input, channels));
        TFloat32 filter = random(Shape.of(kernel, kernel, channels, channels));
        Session session = new Session(graph, device.config(0))) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(images.shape()));
      Placeholder<TFloat32> w = tf.placeholder(TFloat32.class, Placeholder.shape(filter.shape()));
      Output<TFloat32> y = tf.nn.conv2d(x, w, List.of(1L, 1L, 1L, 1L), "VALID").asOutput();
      double fastest = Double.POSITIVE_INFINITY;
      for (int i = 0; i <= runs; i++) {
        long begin = System.nanoTime();
        session.runner().feed(x, images).feed(w, filter).fetch(y).run().close();
        fastest = i == 0 ? fastest : Math.min(fastest, (System.nanoTime() - begin) / 1e9);
      }
      return multiplyAdds() / fastest;
    }
  }

  /** Values between -0.5 and 0.5. */
  static TFloat32 random(Shape shape) {
    Random random = new Random(1);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(values));
  }
}
