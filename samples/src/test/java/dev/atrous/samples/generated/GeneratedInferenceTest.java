package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.Shape;

/** Generated inference graphs against the reference, at all output strides and at several sizes. */
class GeneratedInferenceTest {
  /** Largest difference of a class score, relative to the largest score. */
  private static final double TOLERANCE = 1e-5;

  private final Path folder;

  GeneratedInferenceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static List<Arguments> models() {
    return List.of(
        Arguments.of(CascadeAndPyramid.class, new CascadeAndPyramidModel()),
        Arguments.of(Bottlenecks.class, new BottlenecksModel()),
        Arguments.of(LongCascade.class, new LongCascadeModel()),
        Arguments.of(StridedGrid.class, new StridedGridModel()),
        Arguments.of(FrozenScores.class, new FrozenScoresModel()),
        Arguments.of(ManyChannels.class, new ManyChannelsModel()));
  }

  @ParameterizedTest
  @MethodSource("models")
  void describeTheNetworkOfTheSpec(Class<?> spec, CompiledModel model) {
    Reference reference = Reference.of(spec);
    assertThat(model.description().outputStrides()).isEqualTo(reference.spec().outputStrides());
    assertThat(model.description().crop()).isEqualTo(reference.spec().crop());
    Map<String, Shape> expected = new LinkedHashMap<>();
    reference
        .inference(model.description().outputStride())
        .parameters()
        .forEach(
            parameter ->
                expected.put(
                    parameter.name(),
                    Shape.of(parameter.shape().stream().mapToLong(Integer::longValue).toArray())));
    assertThat(model.parameters())
        .extracting(Parameter::name)
        .containsExactlyElementsOf(expected.keySet());
    assertThat(model.parameters())
        .extracting(Parameter::shape)
        .containsExactlyElementsOf(expected.values());
  }

  @ParameterizedTest
  @MethodSource("models")
  void scoresAreTheReferences(Class<?> spec, CompiledModel model) {
    Reference reference = Reference.of(spec);
    int trained = model.description().outputStride();
    Path weights =
        Weights.write(model, Reference.parameters(reference.inference(trained), 1), folder);
    int crop = model.description().crop();
    for (int outputStride : model.description().outputStrides()) {
      PredictorOptions options =
          new PredictorOptions(
              weights, outputStride, 1, Averaging.NONE, Device.CPU, 0, Precision.FLOAT32);
      try (Predictor predictor = new Predictor(model, options)) {
        for (int size : new int[] {crop, crop - 1, crop + 8}) {
          compare(reference.withCrop(size).withBatch(1).inference(outputStride), predictor);
        }
      }
    }
  }

  private static void compare(Graph graph, Predictor predictor) {
    TensorType type = graph.result(NetworkStage.LOGITS).type();
    int size = type.shape().get(1);
    Tensor image = Samples.images(TensorType.u8(1, size, size, 3), new Random(size));
    Tensor expected =
        Interpreter.run(graph, Map.of(NetworkStage.IMAGES, image), Reference.parameters(graph, 1))
            .result(NetworkStage.LOGITS);
    float[] scores = predictor.logits(new Image(size, size, image.toBytes()));
    assertThat(Tensor.of(type.shape(), scores).distance(expected) / expected.largest())
        .as("an image of %d pixels", size)
        .isLessThan(TOLERANCE);
  }
}
