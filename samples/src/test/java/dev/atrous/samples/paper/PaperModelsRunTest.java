package dev.atrous.samples.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Scopes;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.UpdateOps;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Every model of the paper is built at its real size, and runs at a small one. */
@Tag("slow")
class PaperModelsRunTest {
  private static final int BATCH = 16;
  private static final int CROP = 513;
  private static final int CLASSES = 21;

  static List<Named<CompiledModel>> models() {
    return PaperRows.models().stream()
        .map(model -> Named.of(model.description().name(), model))
        .toList();
  }

  /** The output strides that the rows of a network are evaluated at, and its own. */
  private static Set<Integer> outputStrides(CompiledModel model) {
    String name = model.description().name();
    Set<Integer> strides =
        PaperRows.all().stream()
            .filter(row -> row.model().description().name().equals(name))
            .map(Row::outputStride)
            .collect(Collectors.toCollection(TreeSet::new));
    strides.add(model.description().outputStride());
    return strides;
  }

  @ParameterizedTest
  @MethodSource("models")
  void isBuiltAtItsRealSize(CompiledModel model) {
    NativeLibrary.load();
    Shape crops = Shape.of(BATCH, CROP, CROP);
    for (int outputStride : outputStrides(model)) {
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        Placeholder<TUint8> images =
            tf.placeholder(TUint8.class, Placeholder.shape(crops.append(3)));
        NetworkOps<TFloat32> nn =
            new NetworkOps<>(tf, new Variables(tf, model.parameters()), TFloat32.class);
        assertThat(model.logits(nn, images, outputStride).shape()).isEqualTo(crops.append(CLASSES));
        requireScores(graph, outputStride);
      }
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TUint8> images = tf.placeholder(TUint8.class, Placeholder.shape(crops.append(3)));
      Placeholder<TUint8> labels = tf.placeholder(TUint8.class, Placeholder.shape(crops));
      Variables variables = new Variables(tf, model.parameters());
      Scopes scopes = new Scopes(tf);
      ConvolutionKernel kernel = new TensorFlowKernel();
      NetworkOps<TFloat32> nn =
          new NetworkOps<>(scopes, variables, tf.constant(0L), kernel, TFloat32.class);
      UpdateOps update = new UpdateOps(scopes, variables, tf.constant(0.007f), tf.constant(0L));
      Operand<TFloat32> loss =
          model
              .<TFloat32>trainingStep()
              .build(nn, new GradientOps(scopes, kernel), update, images, labels);
      assertThat(loss.shape()).isEqualTo(Shape.scalar());
      assertThat(update.slots().keySet())
          .containsExactlyInAnyOrderElementsOf(
              trained(model).stream().map(name -> name + UpdateOps.MOMENTUM_SUFFIX).toList());
      requireScores(graph, model.description().outputStride());
    }
  }

  /** Class scores have the size of the map: 33 x 33 at output stride 16. */
  private static void requireScores(Graph graph, int outputStride) {
    long side = (CROP - 1L) / outputStride + 1;
    Set<Shape> shapes = new HashSet<>();
    for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
      GraphOperation operation = all.next();
      if (operation.type().equals("BiasAdd")) {
        shapes.add(operation.output(0).shape());
      }
    }
    shapes.removeIf(shape -> shape.get(3) != CLASSES); // of DeepLabv2's pyramid
    assertThat(shapes).containsExactly(Shape.of(BATCH, side, side, CLASSES));
  }

  private static List<String> trained(CompiledModel model) {
    return model.parameters().stream().filter(Parameter::trainable).map(Parameter::name).toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void trainsAndSegmentsAtASmallSize(CompiledModel model) {
    int crop = Math.max(65, model.description().outputStride() + 1);
    Set<Integer> outputStrides = outputStrides(model);
    try (NetworkRun run = new NetworkRun(model, crop, outputStrides)) {
      float[] before = run.classifier();
      assertThat(run.step()).as("loss").isFinite().isPositive();
      float[] momenta = run.momenta();
      assertThat(run.trained()).hasSameSizeAs(trained(model)).hasSize(momenta.length);
      for (float momentum : momenta) {
        assertThat(momentum).isFinite().isPositive();
      }
      assertThat(run.classifier()).isNotEqualTo(before).doesNotContain(Float.NaN);
      for (int outputStride : outputStrides) {
        float[] scores = run.logits(crop, crop + 8, outputStride);
        assertThat(scores).hasSize(crop * (crop + 8) * CLASSES);
        for (float score : scores) {
          if (!Float.isFinite(score)) {
            throw new AssertionError("a score at output stride " + outputStride + " is " + score);
          }
        }
      }
    }
  }
}
