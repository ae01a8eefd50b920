package dev.atrous.runtime.cli;

import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.LayerDescription;
import dev.atrous.runtime.ModelDescription;
import dev.atrous.runtime.NetworkOps;
import dev.atrous.runtime.Parameter;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.TrainingStep;
import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The tiny network under a name of choice, with three layers to describe. */
record NamedModel(
    String name, TinyModel network, Supplier<TrainingStep> step, Runnable beforeLogits)
    implements CompiledModel {

  static NamedModel of(String name) {
    return of(name, new TinyModel());
  }

  static NamedModel of(String name, TinyModel network) {
    return new NamedModel(name, network, network::trainingStep, () -> {});
  }

  /** A model whose training step can't be built. */
  static NamedModel failing(Supplier<TrainingStep> step) {
    return new NamedModel("Failing", new TinyModel(), step, () -> {});
  }

  /** A model whose inference graph is built after an action. */
  static NamedModel before(Runnable action) {
    TinyModel network = new TinyModel();
    return new NamedModel("Tiny", network, network::trainingStep, action);
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
        List.of(
            new LayerDescription("block1/conv1", 3, 2, 1, 17, 17, 8, 232, 1_000_000),
            new LayerDescription("block1/conv2", 3, 1, 4, 9, 9, 8, 592, 2_000_000),
            new LayerDescription("logits", 1, 1, 1, 9, 9, 3, 1_027, 500_000)));
  }

  @Override
  public List<Parameter> parameters() {
    return network.parameters();
  }

  @Override
  public Operand<TFloat32> logits(NetworkOps nn, Operand<TUint8> images, int outputStride) {
    beforeLogits.run();
    return network.logits(nn, images, outputStride);
  }

  @Override
  public TrainingStep trainingStep() {
    return step.get();
  }
}
