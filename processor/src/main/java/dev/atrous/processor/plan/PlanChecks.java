package dev.atrous.processor.plan;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.spec.Annotations;
import dev.atrous.processor.spec.ModelSpec;
import java.util.function.Function;

/** Checks what only a plan shows: rates on their maps, memory, statistics of a batch. */
public final class PlanChecks {
  private PlanChecks() {}

  /**
   * Reports what is wrong with a planned model.
   *
   * @param network the training network before any pass
   * @param planner plans a spec again, to find sizes that fit
   */
  public static void check(
      ModelSpec spec,
      Graph network,
      ModelPlan plan,
      Function<ModelSpec, ModelPlan> planner,
      Diagnostics diagnostics) {
    if (network.nodesOf(ForwardOp.BatchNormTraining.class).anyMatch(PlanChecks::isSingleSample)) {
      diagnostics.report(
          DiagnosticId.SINGLE_SAMPLE_STATISTICS,
          spec.origins().of(Annotations.TRAINING + ".batchSize"));
    }
    new RateChecks(spec, plan, diagnostics).check();
    new MemoryCheck(spec, plan, planner).check(diagnostics);
  }

  /** Whether a batch normalisation sees one value per channel, whose mean is itself. */
  private static boolean isSingleSample(Node norm) {
    TensorType map = norm.input(0).type();
    return map.elements() == map.size(3);
  }
}
