package dev.atrous.processor.plan;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.spec.Annotations;
import dev.atrous.processor.spec.ModelSpec;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether a training step keeps no more than the memory budget. */
final class MemoryCheck {
  private static final int MEBIBYTE_BITS = 20;
  private static final int LARGEST_LAYERS = 3;

  private final ModelSpec spec;
  private final ModelPlan plan;
  private final Function<ModelSpec, ModelPlan> planner;

  MemoryCheck(ModelSpec spec, ModelPlan plan, Function<ModelSpec, ModelPlan> planner) {
    this.spec = spec;
    this.plan = plan;
    this.planner = planner;
  }

  void check(Diagnostics diagnostics) {
    int budget = spec.training().memoryBudget();
    if (budget == 0 || fits(plan)) {
      return;
    }
    diagnostics.report(
        DiagnosticId.MEMORY_BUDGET,
        spec.origins().of(Annotations.TRAINING + ".memoryBudget"),
        mebibytes(plan.trainingBytes()),
        budget,
        mebibytes(plan.parameterBytes()),
        mebibytes(plan.momentumBytes()),
        mebibytes(plan.activationBytes()),
        spec.training().batchSize(),
        largestLayers(),
        remedy(),
        mebibytes(plan.bfloat16TrainingBytes()));
  }

  /** Rounded up. */
  private static long mebibytes(long bytes) {
    return ((bytes - 1) >> MEBIBYTE_BITS) + 1;
  }

  private String largestLayers() {
    return plan.layers().stream()
        .sorted(Comparator.comparingLong(LayerPlan::activationBytes).reversed())
        .limit(LARGEST_LAYERS)
        .map(layer -> layer.name() + " " + mebibytes(layer.activationBytes()))
        .collect(Collectors.joining(", "));
  }

  /** The largest batch and the largest crop that fit, each with the other as it is. */
  private String remedy() {
    int batch = fittingBatch();
    int crop = fittingCrop();
    if (batch > 0) {
      return "A batchSize of "
          + batch
          + " fits"
          + (crop > 0 ? ", or a crop of " + crop + "." : ".");
    }
    return crop > 0
        ? "Not even a batchSize of 1 fits, but a crop of " + crop + " does."
        : "Neither a batchSize of 1 nor a smaller crop fits: use a smaller backbone or width.";
  }

  /** 0 if none is small enough. */
  private int fittingBatch() {
    int declared = spec.training().batchSize();
    return Search.first(1, declared, batch -> !fits(batch, spec.crop())) - 1;
  }

  /** 1 modulo the output stride; 0 if none is small enough. */
  private int fittingCrop() {
    int outputStride = spec.backbone().outputStride();
    int batch = spec.training().batchSize();
    int smaller = (spec.crop() - 2) / outputStride; // crops of that many strides and one pixel
    int fitting = Search.first(1, smaller + 1, n -> !fits(batch, n * outputStride + 1)) - 1;
    return fitting == 0 ? 0 : fitting * outputStride + 1;
  }

  private boolean fits(int batch, int crop) {
    return fits(planner.apply(spec.withSizes(batch, crop)));
  }

  private boolean fits(ModelPlan other) {
    return mebibytes(other.trainingBytes()) <= spec.training().memoryBudget();
  }
}
