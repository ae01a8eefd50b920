package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same weights at different output strides. The stride of a block stands behind its other
 * convolutions, so a coarser map holds some of the pixels of a finer one. In an image whose size is
 * 1 modulo the coarser output stride they fall on pixels of the image, and the scores there are
 * those of the map.
 */
class OutputStridesTest {
  /** Relative to the largest score. */
  private static final double TOLERANCE = 1e-5;

  private final Path folder;

  OutputStridesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aLongCascadeIsTheSameFunctionAtAll() {
    compare(LongCascade.class, new LongCascadeModel(), 257);
  }

  @Test
  void thePyramidFollowsTheOutputStride() {
    compare(Bottlenecks.class, new BottlenecksModel(), 129);
  }

  private void compare(Class<?> spec, CompiledModel model, int size) {
    Graph graph = Reference.of(spec).inference(model.description().outputStride());
    Path weights = Weights.write(model, Reference.parameters(graph, 3), folder);
    byte[] rgb = Samples.images(TensorType.u8(1, size, size, 3), new Random(4)).toBytes();
    Image image = new Image(size, size, rgb);
    List<Integer> strides = model.description().outputStrides();
    assertThat(strides).hasSizeGreaterThan(2);
    Tensor finest = scores(model, weights, strides.get(0), image);
    for (int stride : strides.subList(1, strides.size())) {
      assertThat(size % stride).isOne();
      Tensor coarse = scores(model, weights, stride, image);
      double onTheMap = 0;
      for (int i = 0; i < size; i += stride) {
        for (int j = 0; j < size; j += stride) {
          for (int c = 0; c < coarse.size(2); c++) {
            onTheMap = Math.max(onTheMap, Math.abs(coarse.get(i, j, c) - finest.get(i, j, c)));
          }
        }
      }
      assertThat(onTheMap / finest.largest()).as("stride %d", stride).isLessThan(TOLERANCE);
      assertThat(coarse.distance(finest) / finest.largest()).as("between").isGreaterThan(0.01);
    }
  }

  private static Tensor scores(CompiledModel model, Path weights, int stride, Image image) {
    PredictorOptions options =
        new PredictorOptions(weights, stride, 1, Averaging.NONE, Device.CPU, 0, Precision.FLOAT32);
    try (Predictor predictor = new Predictor(model, options)) {
      return Tensor.of(
          List.of(image.height(), image.width(), model.description().classes()),
          predictor.logits(image));
    }
  }
}
