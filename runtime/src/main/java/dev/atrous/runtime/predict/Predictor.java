package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.Device;
import dev.atrous.runtime.NativeLibrary;
import dev.atrous.runtime.NetworkOps;
import dev.atrous.runtime.Variables;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.CheckpointOps;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.RgbImage;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Labels images with trained weights. Images may have any size; one that is smaller than the crop
 * is padded to it at the right and the bottom with the mean pixel, as the paper evaluates. May be
 * used by several threads at once.
 *
 * <pre>{@code
 * try (Predictor predictor = new Predictor(model, PredictorOptions.of(model.description(), run))) {
 *   predictor.predict(RgbImage.read(Path.of("cat.jpg"))).write(Path.of("cat.png"));
 * }
 * }</pre>
 */
public class Predictor implements AutoCloseable {
  /** Red, green and blue of the padding: ImageNet's mean, rounded. */
  private static final byte[] MEAN_PIXEL = {124, 116, 104};

  private final PredictorOptions options;
  private final Graph graph;
  private final Session session;
  private final Placeholder<TUint8> images;
  private final Operand<TFloat32> logits;
  private final Operand<TUint8> labels;
  private final int classes;

  /**
   * Builds the inference graph and reads the weights.
   *
   * @throws AtrousException if the native library or the device is missing, the model can't run at
   *     the output stride, or the weights can't be read or do not fit
   */
  public Predictor(CompiledModel model, PredictorOptions options) {
    checkStride(model, options.outputStride());
    NativeLibrary.load();
    Checkpoint weights = Checkpoint.open(options.weights());
    this.options = options;
    classes = model.description().classes();
    Device device = options.device().resolve();
    graph = new Graph();
    Ops tf = Ops.create(graph);
    images = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1, 3)));
    Variables variables = new Variables(tf, model.parameters());
    logits = model.logits(new NetworkOps(tf, variables), images, options.outputStride());
    labels = tf.dtypes.cast(tf.math.argMax(logits, tf.constant(3), TInt32.class), TUint8.class);
    CheckpointOps checkpoints = new CheckpointOps(tf, variables.handles(), Map.of());
    session = new Session(graph, device.config(options.threads()));
    try {
      checkpoints.restoreWeights(session, weights);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void checkStride(CompiledModel model, int outputStride) {
    List<Integer> possible = model.description().outputStrides();
    if (!possible.contains(outputStride)) {
      throw new AtrousException(
          model.description().name()
              + " can't run at output stride "
              + outputStride
              + ". With these weights it can run at "
              + possible.stream().map(String::valueOf).collect(Collectors.joining(", "))
              + ".");
    }
  }

  /**
   * The label of each pixel.
   *
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   */
  public LabelMap predict(RgbImage image) {
    int width = image.width();
    int height = image.height();
    try (Result result = run(image, labels)) {
      TUint8 tensor = (TUint8) result.get(0);
      byte[] all = new byte[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().read(all);
      return new LabelMap(
          width, height, cropped(all, padded(width), new byte[height * width], width));
    }
  }

  /**
   * The class scores of each pixel.
   *
   * @return {@code [height, width, classes]}, row-major, before the softmax
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   */
  public float[] logits(RgbImage image) {
    int row = image.width() * classes;
    try (Result result = run(image, logits)) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] all = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(all);
      return cropped(all, padded(image.width()) * classes, new float[image.height() * row], row);
    }
  }

  private Result run(RgbImage image, Operand<?> fetched) {
    Shape shape = Shape.of(1, padded(image.height()), padded(image.width()), 3);
    try (TUint8 tensor = TUint8.tensorOf(shape, DataBuffers.of(padded(image)))) {
      return session.runner().feed(images, tensor).fetch(fetched).run();
    } catch (TFResourceExhaustedException e) {
      throw new AtrousException(
          failed(image, e) + "\nMemory ran out. Use a larger output stride or a smaller image.", e);
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new AtrousException(failed(image, e), e);
    }
  }

  private String failed(RgbImage image, RuntimeException cause) {
    return "TensorFlow failed on an image of %d x %d pixels at output stride %d: %s"
        .formatted(image.width(), image.height(), options.outputStride(), cause.getMessage());
  }

  /** Number of labels that the model knows. */
  public int classes() {
    return classes;
  }

  private int padded(int size) {
    return Math.max(size, options.crop());
  }

  /** The image in the upper left corner, mean pixels elsewhere. */
  private byte[] padded(RgbImage image) {
    int height = image.height();
    int width = image.width();
    byte[] rgb = image.rgb();
    int rows = padded(height);
    int columns = padded(width);
    if (rows == height && columns == width) {
      return rgb;
    }
    byte[] all = new byte[rows * columns * 3];
    for (int i = 0; i < all.length; i++) {
      all[i] = MEAN_PIXEL[i % 3];
    }
    for (int row = 0; row < height; row++) {
      System.arraycopy(rgb, row * width * 3, all, row * columns * 3, width * 3);
    }
    return all;
  }

  /** Fills {@code target} with the beginnings of the rows of {@code all}; both are arrays. */
  @SuppressWarnings("SuspiciousSystemArraycopy") // arrays of one primitive type
  private static <T> T cropped(T all, int stride, T target, int length) {
    int rows = Array.getLength(target) / length;
    for (int row = 0; row < rows; row++) {
      System.arraycopy(all, row * stride, target, row * length, length);
    }
    return target;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
