package dev.atrous.runtime.weights;

import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.Device;
import dev.atrous.runtime.NativeLibrary;
import dev.atrous.runtime.NetworkOps;
import dev.atrous.runtime.Variables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * How a network turns bytes into its input: {@code (byte - mean) / deviation}, for red, green and
 * blue. Weights of one scale work at another once the first convolution is adapted to it.
 */
public record PixelScale(List<Float> mean, List<Float> deviation) {
  /** That of torchvision: ImageNet's mean and standard deviation, for bytes. */
  public static final PixelScale TORCHVISION =
      new PixelScale(List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f));

  /** That of slim's ResNet V1: ImageNet's mean alone. */
  public static final PixelScale SLIM =
      new PixelScale(List.of(123.68f, 116.78f, 103.94f), List.of(1f, 1f, 1f));

  /** Bytes themselves. */
  private static final PixelScale NONE = new PixelScale(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  private static final int CHANNELS = 3;
  private static final float TOLERANCE = 1e-4f; // of what was measured, in parts

  public PixelScale {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /**
   * Measures the scale of a model: what its graph makes of a black and of a white pixel.
   *
   * @throws dev.atrous.runtime.AtrousException if the native library is missing
   */
  public static PixelScale of(CompiledModel model) {
    NativeLibrary.load();
    List<Integer> strides = model.description().outputStrides();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> images =
          tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, CHANNELS)));
      NetworkOps nn = new NetworkOps(tf, new Variables(tf, model.parameters()));
      model.logits(nn, images, strides.get(strides.size() - 1));
      Iterator<GraphOperation> operations = graph.operations();
      while (operations.hasNext()) {
        GraphOperation operation = operations.next();
        if (operation.type().equals("Div")) { // that of NetworkOps.normalize is the first
          return measure(graph, images, operation.name());
        }
      }
      return NONE;
    }
  }

  private static PixelScale measure(Graph graph, Placeholder<TUint8> images, String normalized) {
    byte[] blackAndWhite = {0, 0, 0, -1, -1, -1};
    float[] values = new float[2 * CHANNELS];
    try (Session session = new Session(graph, Device.CPU.config(1));
        TUint8 pixels =
            TUint8.tensorOf(Shape.of(1, 1, 2, CHANNELS), DataBuffers.of(blackAndWhite));
        Result result = session.runner().feed(images, pixels).fetch(normalized).run()) {
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(values);
    }
    List<Float> mean = new ArrayList<>(Collections.nCopies(CHANNELS, 0f));
    List<Float> deviation = new ArrayList<>(Collections.nCopies(CHANNELS, 1f));
    for (int c = 0; c < CHANNELS; c++) {
      deviation.set(c, 255 / (values[CHANNELS + c] - values[c]));
      mean.set(c, -values[c] * deviation.get(c));
    }
    return new PixelScale(mean, deviation);
  }

  /** Whether another scale is this one, as exactly as it can be measured. */
  boolean isClose(PixelScale other) {
    for (int c = 0; c < CHANNELS; c++) {
      if (Math.abs(mean.get(c) - other.mean.get(c)) > 255 * TOLERANCE
          || Math.abs(deviation.get(c) / other.deviation.get(c) - 1) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
