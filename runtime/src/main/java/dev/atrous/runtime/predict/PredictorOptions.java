package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How to predict. Start from {@link #of} and change what differs:
 *
 * <pre>{@code PredictorOptions.of(model.description(), Path.of("runs/voc")).withOutputStride(8)}
 * </pre>
 *
 * @param weights a checkpoint: output directory of a training run, or a prefix
 * @param outputStride one of {@link ModelDescription#outputStrides}; default that of the training.
 *     The paper trains at 16 and evaluates at 8.
 * @param crop smaller images are padded to this size in pixels, or to the window where that is
 *     smaller; default the training crop
 * @param averaging default {@link Averaging#NONE}
 * @param device default {@link Device#AUTO}
 * @param threads of an operation on the CPU; default 0, one per core
 * @param precision of the network; default {@link Precision#TF32}
 */
public record PredictorOptions(
    Path weights,
    int outputStride,
    int crop,
    Averaging averaging,
    Device device,
    int threads,
    Precision precision) {

  /**
   * @throws AtrousException for a crop below 1 or a negative number of threads
   */
  public PredictorOptions {
    if (crop < 1) {
      throw new AtrousException("The crop is " + crop + "; it must be at least 1 pixel.");
    }
    if (threads < 0) {
      throw new AtrousException("The threads are " + threads + "; they must be at least 0.");
    }
  }

  /** The output stride and crop that the model was trained with, on any device. */
  public static PredictorOptions of(ModelDescription model, Path weights) {
    return new PredictorOptions(
        weights,
        model.outputStride(),
        model.crop(),
        Averaging.NONE,
        Device.AUTO,
        0,
        Precision.TF32);
  }

  /**
   * Checks that a model can run at an output stride.
   *
   * @throws AtrousException if it can't
   */
  public static void checkOutputStride(ModelDescription model, int stride) {
    List<Integer> possible = model.outputStrides();
    if (!possible.contains(stride)) {
      throw new AtrousException(
          "%s can't run at output stride %d. With these weights it can run at %s."
              .formatted(
                  model.name(),
                  stride,
                  possible.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    }
  }

  /** The same with another output stride. */
  public PredictorOptions withOutputStride(int value) {
    return new PredictorOptions(weights, value, crop, averaging, device, threads, precision);
  }

  /** The same with another crop. */
  public PredictorOptions withCrop(int value) {
    return new PredictorOptions(
        weights, outputStride, value, averaging, device, threads, precision);
  }

  /** The same with other views of an image. */
  public PredictorOptions withAveraging(Averaging value) {
    return new PredictorOptions(weights, outputStride, crop, value, device, threads, precision);
  }

  /** The same on another device. */
  public PredictorOptions withDevice(Device value) {
    return new PredictorOptions(weights, outputStride, crop, averaging, value, threads, precision);
  }

  /** The same with another number of threads. */
  public PredictorOptions withThreads(int value) {
    return new PredictorOptions(weights, outputStride, crop, averaging, device, value, precision);
  }

  /** The same with other numbers. */
  public PredictorOptions withPrecision(Precision value) {
    return new PredictorOptions(weights, outputStride, crop, averaging, device, threads, value);
  }

  /** The length to which a side of an image is padded. */
  int padded(int side) {
    SlidingWindow window = averaging.window();
    return Math.max(side, window == null ? crop : Math.min(crop, window.size()));
  }
}
