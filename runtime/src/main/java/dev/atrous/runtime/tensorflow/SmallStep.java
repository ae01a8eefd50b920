package dev.atrous.runtime.tensorflow;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A convolution and its derivative by the filter: on a GPU, what starts cuDNN. */
public final class SmallStep {
  private static final Shape IMAGES = Shape.of(2, 33, 33, 16);

  private SmallStep() {}

  /**
   * Computes it on a device.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   * @throws RuntimeException TensorFlow's, if it can't
   */
  public static void compute(Device device) {
    List<Long> strides = List.of(1L, 1L, 1L, 1L);
    try (Graph graph = new Graph();
        Session session = device.open(graph, device.config(0));
        TFloat32 images = TFloat32.tensorOf(IMAGES)) {
      Ops tf = device.place(Ops.create(graph));
      // Fed: TensorFlow would compute what is made of constants alone beforehand, on the CPU.
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(IMAGES));
      Operand<TFloat32> weights = tf.ones(tf.constant(new int[] {3, 3, 16, 16}), TFloat32.class);
      Operand<TFloat32> y = tf.nn.conv2d(x, weights, strides, "SAME");
      Operand<TFloat32> gradient =
          tf.nn.conv2dBackpropFilter(x, tf.constant(new int[] {3, 3, 16, 16}), y, strides, "SAME");
      session.runner().feed(x, images).fetch(gradient).run().close();
    }
  }
}
