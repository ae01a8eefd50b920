package dev.atrous.processor.codegen;

import dev.atrous.processor.autodiff.TrainingGraph;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.plan.ModelPlan;
import dev.atrous.processor.spec.ModelSpec;

/**
 * What the earlier stages made of a phase of the training, or of a training without phases.
 *
 * @param spec with the values of the phase
 * @param split of the data set that it trains on
 * @param network the training network before any pass, the auxiliary head included: its parameters
 *     are those of the model
 * @param plan what the phase is described by
 * @param training its step
 * @param maximumCrop the largest crop that the step is right for
 */
public record CompiledPhase(
    ModelSpec spec,
    String split,
    Graph network,
    ModelPlan plan,
    TrainingGraph training,
    int maximumCrop) {

  /** Whether the step of another phase is the same: all else is a matter of its spec. */
  boolean hasStepOf(CompiledPhase other) {
    return spec.backbone().equals(other.spec.backbone())
        && spec.crop() == other.spec.crop()
        && spec.training().batchSize() == other.spec.training().batchSize()
        && spec.training().batchNorm() == other.spec.training().batchNorm();
  }
}
