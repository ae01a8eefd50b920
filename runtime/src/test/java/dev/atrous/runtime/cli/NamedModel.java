package dev.atrous.runtime.cli;

import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.InheritedValue;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** The tiny network under a name of choice, with three layers to describe. */
record NamedModel(
    String name,
    List<String> classNames,
    TinyModel network,
    Runnable beforeStep,
    Runnable beforeScores)
    implements CompiledModel {

  static NamedModel of(String name) {
    return of(name, new TinyModel());
  }

  /** The same model, with names for its classes in the spec. */
  NamedModel withClassNames(String... names) {
    return new NamedModel(name, List.of(names), network, beforeStep, beforeScores);
  }

  static NamedModel of(String name, TinyModel network) {
    return new NamedModel(name, List.of(), network, () -> {}, () -> {});
  }

  /** A model whose training step can't be built. */
  static NamedModel failing(Runnable step) {
    return new NamedModel("Failing", List.of(), new TinyModel(), step, () -> {});
  }

  /** A model whose inference graph is built after an action. */
  static NamedModel before(Runnable action) {
    TinyModel network = new TinyModel();
    return new NamedModel("Tiny", List.of(), network, () -> {}, action);
  }

  @Override
  public ModelDescription description() {
    ModelDescription tiny = network.description();
    return new ModelDescription(
        name,
        tiny.backbone(),
        tiny.classes(),
        tiny.crop(),
        tiny.outputStride(),
        tiny.outputStrides(),
        tiny.training(),
        tiny.loss(),
        List.of(
            new LayerDescription(
                "block1/conv1", 3, 2, 1, 1, 33, 33, 17, 17, 8, 232, 1_000_000, 0.9, 80_000, 40_000),
            new LayerDescription(
                "block1/conv2", 3, 1, 2, 4, 9, 9, 9, 9, 8, 592, 2_000_000, 0.5, 40_000, 20_000),
            new LayerDescription(
                "logits", 1, 1, 1, 1, 9, 9, 9, 9, 3, 1_027, 500_000, 1, 20_000, 10_000)),
        7_404,
        7_404,
        tiny.conventions(),
        tiny.pixels(),
        classNames,
        List.of(
            new InheritedValue("SegmentationModel", "classes", "3", "Base"),
            new InheritedValue("Training", "batchSize", "4", "Base"),
            new InheritedValue("Training", "steps", "20", "Base"),
            new InheritedValue("Training", "power", "0.9", null),
            new InheritedValue("ASPP", "rates", "{6, 12}", "Other.Pyramid")));
  }

  @Override
  public List<Parameter> parameters() {
    return network.parameters();
  }

  @Override
  public <M extends TFloating> Operand<TFloat32> scores(
      NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride) {
    beforeScores.run();
    return network.scores(nn, images, outputStride);
  }

  @Override
  public <M extends TFloating> TrainingStep<M> trainingStep() {
    beforeStep.run();
    return network.trainingStep();
  }
}
