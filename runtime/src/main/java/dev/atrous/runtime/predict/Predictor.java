package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.ImageSet;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.kernel.Kernels;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import dev.atrous.runtime.tensorflow.Timeline;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Labels images with trained weights. Images may have any size; one that is smaller than the crop
 * is padded to it at the right and the bottom with the mean pixel, as the paper evaluates. What is
 * averaged, if anything, the options say. May be used by several threads at once.
 *
 * <pre>{@code
 * try (Predictor predictor = new Predictor(model, PredictorOptions.of(model.description(), run))) {
 *   predictor.predict(Image.read(Path.of("cat.jpg"))).write(Path.of("cat.png"));
 * }
 * }</pre>
 */
public class Predictor implements AutoCloseable {
  private final PredictorOptions options;
  private final int classes;
  private final String name;
  private final ImageInput input;
  private final Graph graph;
  private final Session session;
  private final Inference inference;
  private final Path checkpoint;

  /**
   * Builds the inference graph and reads the weights.
   *
   * @throws AtrousException if the native library or the device is missing, the model can't run at
   *     the output stride, or the weights can't be read or do not fit
   */
  public Predictor(CompiledModel model, PredictorOptions options) {
    this(model, options, weights(model, options));
  }

  private static Checkpoint weights(CompiledModel model, PredictorOptions options) {
    // Needs no file.
    PredictorOptions.checkOutputStride(model.description(), options.outputStride());
    Checkpoint checkpoint = Checkpoint.open(options.weights());
    MeasuredBands.requireSame(model, checkpoint);
    return checkpoint;
  }

  private Predictor(CompiledModel model, PredictorOptions options, Checkpoint weights) {
    this(
        model,
        options,
        weights.prefix(),
        name -> weights.shapes().containsKey(name) ? weights.read(name) : null,
        (parameters, session) -> parameters.load(session, weights));
  }

  /**
   * Builds the inference graph with weights in memory, as those of a training that goes on. They
   * are copied: what becomes of them afterwards is not seen.
   *
   * @param options whose weights are not read, but are what {@link #checkpoint} tells
   * @param weights the value of each parameter by its name; not closed
   * @throws AtrousException as the other, but for what is about files
   * @throws IllegalArgumentException if there is no value for a parameter
   */
  public Predictor(CompiledModel model, PredictorOptions options, Map<String, TFloat32> weights) {
    this(
        model,
        options,
        options.weights(),
        name -> floats(weights.get(name)),
        (parameters, session) -> parameters.load(session, weights));
  }

  private Predictor(
      CompiledModel model,
      PredictorOptions options,
      Path checkpoint,
      Function<String, float @Nullable []> values,
      BiConsumer<FrozenParameters, Session> weights) {
    PredictorOptions.checkOutputStride(model.description(), options.outputStride());
    NativeLibrary.load();
    this.options = options;
    this.checkpoint = checkpoint;
    classes = model.description().classes();
    name = model.description().name();
    PixelScale scale =
        MeasuredBands.of(model, values).orElseThrow(() -> MeasuredBands.missing(name));
    input = ImageInput.of(model.description(), scale);
    Device device = options.device().resolve();
    graph = new Graph();
    Ops tf = Ops.create(graph);
    Scopes scopes = new Scopes(tf).enterAll(model.parameters());
    FrozenParameters parameters = new FrozenParameters(tf, model.parameters());
    Precision precision = options.precision().on(device);
    precision.prepare(device);
    Class<? extends TFloating> maps = precision.maps();
    ConvolutionKernel kernel = Kernels.inference(tf, parameters, maps, device);
    NetworkOps<?> nn = new NetworkOps<>(scopes, parameters, kernel, maps);
    inference =
        options.averaging().equals(Averaging.NONE)
            ? new WholeImages(tf, nn, model, input, options.outputStride())
            : new AveragedViews(tf, nn, model, input, options);
    session = device.open(graph, device.config(options.threads()));
    try {
      weights.accept(parameters, session);
    } catch (RuntimeException e) {
      release();
      throw TensorFlowFailure.explained(e, Predictor::notStarted);
    }
  }

  private static float @Nullable [] floats(@Nullable TFloat32 tensor) {
    if (tensor == null) {
      return null;
    }
    float[] floats = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(floats);
    return floats;
  }

  private static AtrousException notStarted(RuntimeException cause) {
    return new AtrousException(
        "The weights can't be loaded: " + cause.getMessage() + advice(cause), cause);
  }

  /**
   * The label of each pixel.
   *
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   */
  public LabelMap predict(Image image) {
    return predict(List.of(image)).get(0);
  }

  /**
   * The labels of several images, the same as of each by itself. Those that are padded to one size
   * are computed together, which needs memory for all of them.
   *
   * @return a map for each image, in their order
   * @throws AtrousException if TensorFlow can't compute them, for example for lack of memory
   */
  public List<LabelMap> predict(List<Image> images) {
    LabelRows labels = new LabelRows(images);
    predict(images, labels);
    return labels.maps();
  }

  /**
   * As {@link #predict(List)}, with labels that are handed on strip by strip. With a window,
   * neither images nor labels are in memory as a whole then, if the images are not: see {@link
   * ImageSet#open}.
   *
   * @param labels is told the strips of an image from the top down; what it throws ends the
   *     prediction
   * @throws AtrousException if an image can't be read, or TensorFlow can't compute the labels
   */
  public void predict(List<? extends ImageRows> images, LabelStrips labels) {
    runBySize(
        images,
        (indices, batch) ->
            inference.label(
                session, batch, (image, top, strip) -> labels.add(indices.get(image), top, strip)));
  }

  /**
   * As {@link #predict(List, LabelStrips)}, with the probabilities of the classes.
   *
   * @param strips is told the strips of an image from the top down; what it throws ends the
   *     prediction
   * @throws AtrousException if an image can't be read, or TensorFlow can't compute the labels
   */
  public void predict(List<? extends ImageRows> images, ProbabilityStrips strips) {
    runBySize(
        images,
        (indices, batch) ->
            inference.classify(
                session,
                batch,
                (image, top, labels, values) ->
                    strips.add(indices.get(image), top, labels, values)));
  }

  /** Runs images that are padded to one size together, with their indices among all. */
  private void runBySize(
      List<? extends ImageRows> images, BiConsumer<List<Integer>, PaddedImages> action) {
    for (List<Integer> indices : bySize(images)) {
      PaddedImages batch = padded(indices.stream().map(images::get).toList());
      run(
          batch,
          b -> {
            action.accept(indices, b);
            return b;
          });
    }
  }

  /** The indices of those images that are padded to one size, for each of the sizes. */
  private Collection<List<Integer>> bySize(List<? extends ImageRows> images) {
    Map<List<Integer>, List<Integer>> bySize = new LinkedHashMap<>();
    for (int i = 0; i < images.size(); i++) {
      ImageRows image = images.get(i);
      List<Integer> size = List.of(options.padded(image.height()), options.padded(image.width()));
      bySize.computeIfAbsent(size, s -> new ArrayList<>()).add(i);
    }
    return bySize.values();
  }

  /**
   * As {@link #predict(List)}, and compares the class scores with true labels.
   *
   * @param crossEntropy is told the sum of the cross-entropy of the pixels whose true label is not
   *     255, in parts
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   * @throws IllegalStateException if views are averaged: that gives no class scores
   */
  List<LabelMap> predict(List<LabelledImage> samples, DoubleConsumer crossEntropy) {
    WholeImages whole = whole();
    List<Image> images = samples.stream().map(LabelledImage::image).toList();
    LabelRows labels = new LabelRows(images);
    for (List<Integer> indices : bySize(images)) {
      List<LabelMap> truth = indices.stream().map(i -> samples.get(i).labels()).toList();
      LabelStrips ofBatch = (image, top, strip) -> labels.add(indices.get(image), top, strip);
      PaddedImages batch = padded(indices.stream().map(images::get).toList());
      crossEntropy.accept(run(batch, b -> whole.label(session, b, truth, ofBatch)));
    }
    return labels.maps();
  }

  /**
   * The probabilities of the classes at each pixel: the softmax of the class scores, averaged as
   * the options say.
   *
   * @return {@code [height, width, classes]}, row-major
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   */
  public float[] probabilities(Image image) {
    float[] all = new float[Math.multiplyExact(image.height(), image.width() * classes)];
    predict(
        List.of(image),
        (index, top, labels, values) ->
            System.arraycopy(values, 0, all, top * image.width() * classes, values.length));
    return all;
  }

  /**
   * The class scores of each pixel.
   *
   * @return {@code [height, width, classes]}, row-major, before the softmax
   * @throws AtrousException if TensorFlow can't compute it, for example for lack of memory
   * @throws IllegalStateException if views are averaged: that gives probabilities alone
   */
  public float[] logits(Image image) {
    WholeImages whole = whole();
    return run(padded(List.of(image)), batch -> whole.logits(session, batch));
  }

  private WholeImages whole() {
    if (inference instanceof WholeImages whole) {
      return whole;
    }
    throw new IllegalStateException(
        "there are no class scores of " + options.averaging() + ", only probabilities");
  }

  /**
   * Labels images of one size and records when each operation ran.
   *
   * @throws AtrousException if TensorFlow can't compute it
   * @throws IllegalStateException if views are averaged, which takes several runs
   */
  public Timeline profile(List<Image> images) {
    if (inference instanceof WholeImages whole) {
      return run(padded(images), batch -> whole.profile(session, batch));
    }
    throw new IllegalStateException("the timeline is that of one run; average nothing");
  }

  private PaddedImages padded(List<? extends ImageRows> images) {
    for (ImageRows image : images) {
      if (!image.format().fits(input.format())) {
        throw new AtrousException(
            "An image has %s, and the model %s wants %s. Read images with the pixels of the model: ImageSet.withPixels(predictor.pixels())."
                .formatted(image.format(), name, input.format()));
      }
    }
    ImageRows first = images.get(0);
    return new PaddedImages(
        images, options.padded(first.height()), options.padded(first.width()), input);
  }

  private <T> T run(PaddedImages batch, Function<PaddedImages, T> action) {
    try {
      return action.apply(batch);
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, cause -> failed(batch, cause));
    }
  }

  private AtrousException failed(PaddedImages batch, RuntimeException cause) {
    int count = batch.images().size();
    String message =
        "TensorFlow failed on %s of %d x %d pixels at output stride %d: %s"
            .formatted(
                count == 1 ? "an image" : count + " images",
                batch.width(),
                batch.height(),
                options.outputStride(),
                cause.getMessage());
    return new AtrousException(message + advice(cause), cause);
  }

  private static String advice(RuntimeException cause) {
    TensorFlowFailure.Kind kind = TensorFlowFailure.kind(cause);
    return switch (kind) {
      case OTHER -> "";
      case MEMORY ->
          "\nMemory ran out. Use a larger output stride, a smaller image or batch, or a window."
              + TensorFlowFailure.otherProcesses(cause);
      default -> "\n" + kind.explanation();
    };
  }

  /** The prefix of the checkpoint that the weights are from, if they are from one. */
  public Path checkpoint() {
    return checkpoint;
  }

  /** What the pixels of images must be. */
  public PixelFormat pixels() {
    return input.format();
  }

  /** Number of labels that the model knows. */
  public int classes() {
    return classes;
  }

  @Override
  public void close() {
    release();
  }

  private void release() {
    session.close();
    graph.close();
  }
}
