package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.InitialCheckpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Probabilities averaged over scales, mirror images and windows against the reference. */
class AveragedInferenceTest {
  /** Largest difference of a probability. */
  private static final double TOLERANCE = 1e-5;

  private static final List<Double> SCALES = List.of(0.75, 1.0, 1.3);

  private final Path folder;

  AveragedInferenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static List<Arguments> models() {
    return List.of(
        Arguments.of(CascadeAndPyramid.class, new CascadeAndPyramidModel()),
        Arguments.of(HalfPixels.class, new HalfPixelsModel()));
  }

  @ParameterizedTest
  @MethodSource("models")
  void scales(Class<?> spec, CompiledModel model) {
    for (int outputStride : model.description().outputStrides()) {
      check(spec, model, outputStride, Averaging.NONE.withScales(SCALES), smaller(model));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void mirrorImagesOfThePapersScales(Class<?> spec, CompiledModel model) {
    Averaging averaging = Averaging.MULTI_SCALE.withFlip(true);
    check(spec, model, model.description().outputStride(), averaging, smaller(model));
  }

  @ParameterizedTest
  @MethodSource("models")
  void windows(Class<?> spec, CompiledModel model) {
    int crop = model.description().crop();
    Averaging averaging = new Averaging(SCALES, true, new SlidingWindow(crop - 8, 9));
    check(spec, model, model.description().outputStride(), averaging, image(crop, crop));
  }

  /** Smaller than the crop, and no square. */
  private static Image smaller(CompiledModel model) {
    int crop = model.description().crop();
    return image(crop - 11, crop - 1);
  }

  private static Image image(int height, int width) {
    TensorType type = TensorType.u8(1, height, width, 3);
    return new Image(width, height, Samples.images(type, new Random(5)).toBytes());
  }

  private void check(
      Class<?> spec, CompiledModel model, int outputStride, Averaging averaging, Image image) {
    AverageReference reference = new AverageReference(spec, outputStride, averaging, x -> x);
    Tensor expected = reference.probabilities(image);
    double distance = probabilities(model, reference, image).distance(expected);
    System.out.printf(
        "%s, output stride %d, %s: %.1e%n",
        spec.getSimpleName(), outputStride, averaging, distance);
    assertThat(distance).isLessThan(TOLERANCE);
  }

  private Tensor probabilities(CompiledModel model, AverageReference reference, Image image) {
    PredictorOptions options =
        PredictorOptions.of(
                model.description(), Weights.write(model, reference.parameters(), folder))
            .withDevice(Device.CPU)
            .withOutputStride(reference.outputStride())
            .withAveraging(reference.averaging());
    try (Predictor predictor = new Predictor(model, options)) {
      return Tensor.of(
          List.of(image.height(), image.width(), model.description().classes()),
          predictor.probabilities(image));
    }
  }

  static List<CompiledModel> all() {
    return List.of(
        new CascadeAndPyramidModel(),
        new BottlenecksModel(),
        new LongCascadeModel(),
        new HalfPixelsModel());
  }

  @ParameterizedTest
  @MethodSource("all")
  void imagesOfAnySizeAtAnyOutputStride(CompiledModel model) {
    Averaging views = new Averaging(List.of(0.5, 1.0, 1.3), true, new SlidingWindow(30, 4));
    Path weights = InitialCheckpoint.write(model.parameters(), folder.resolve("initial"), 1);
    for (int outputStride : model.description().outputStrides()) {
      PredictorOptions options =
          new PredictorOptions(weights, outputStride, 1, views, Device.CPU, 0, Precision.FLOAT32);
      try (Predictor predictor = new Predictor(model, options)) {
        for (int[] size : new int[][] {{1, 1}, {1, 20}, {20, 1}, {2, 3}, {32, 47}}) {
          float[] probabilities = predictor.probabilities(image(size[0], size[1]));
          assertDistributions(probabilities, size[0] * size[1], predictor.classes());
        }
      }
    }
  }

  private static void assertDistributions(float[] probabilities, int pixels, int classes) {
    assertThat(probabilities).hasSize(pixels * classes);
    for (int pixel = 0; pixel < pixels; pixel++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        float probability = probabilities[pixel * classes + c];
        assertThat(probability).isBetween(0f, 1f);
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(TOLERANCE));
    }
  }

  /** Bytes would be simpler to feed, at the price of a difference that can be seen. */
  @Test
  void resizedPixelsAreNotRounded() {
    CompiledModel model = new CascadeAndPyramidModel();
    Image image = smaller(model);
    AverageReference rounded =
        new AverageReference(
            CascadeAndPyramid.class, 8, Averaging.NONE.withScales(List.of(1.3)), Math::rint);
    double distance = probabilities(model, rounded, image).distance(rounded.probabilities(image));
    System.out.printf("rounded pixels: %.1e%n", distance);
    assertThat(distance).isGreaterThan(10 * TOLERANCE);
  }
}
