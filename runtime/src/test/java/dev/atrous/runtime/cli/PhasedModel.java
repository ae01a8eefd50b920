package dev.atrous.runtime.cli;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingPhase;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** A small network, called Phased, that trains in phases: one of them. */
record PhasedModel(CompiledModel network, List<Phase> all, int number) implements CompiledModel {

  record Phase(int steps, double learningRate, String split) {}

  /** The last of the phases, which is the model. */
  PhasedModel(List<Phase> all) {
    this(new TinyModel(), all);
  }

  /** The last of the phases, which is the model, of a network. */
  PhasedModel(CompiledModel network, List<Phase> all) {
    this(network, all, all.size());
  }

  @Override
  public List<CompiledModel> phases() {
    return IntStream.rangeClosed(1, all.size())
        .<CompiledModel>mapToObj(phase -> new PhasedModel(network, all, phase))
        .toList();
  }

  @Override
  public ModelDescription description() {
    ModelDescription tiny = network.description();
    TrainingRecipe recipe = tiny.training();
    Phase phase = all.get(number - 1);
    return new ModelDescription(
        "Phased",
        tiny.backbone(),
        tiny.classes(),
        tiny.crop(),
        tiny.outputStride(),
        tiny.outputStrides(),
        new TrainingRecipe(
            recipe.batchSize(),
            phase.steps(),
            phase.learningRate(),
            recipe.power(),
            recipe.momentum(),
            recipe.weightDecay(),
            recipe.augmentation(),
            Training.BatchNorm.TRAINED,
            recipe.batchNormDecay(),
            recipe.optimization()),
        tiny.loss(),
        tiny.layers(),
        tiny.parameterBytes(),
        tiny.momentumBytes(),
        tiny.conventions(),
        tiny.pixels(),
        tiny.classNames(),
        tiny.inherited(),
        new TrainingPhase(number, all.size(), phase.split()));
  }

  @Override
  public List<Parameter> parameters() {
    return network.parameters();
  }

  @Override
  public <M extends TFloating> Operand<TFloat32> scores(
      NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride) {
    return network.scores(nn, images, outputStride);
  }

  @Override
  public <M extends TFloating> TrainingStep<M> trainingStep() {
    return network.trainingStep();
  }
}
