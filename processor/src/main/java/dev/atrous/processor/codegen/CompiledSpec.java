package dev.atrous.processor.codegen;

import dev.atrous.processor.autodiff.TrainingGraph;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.plan.ModelPlan;
import dev.atrous.processor.spec.ModelSpec;
import java.util.SortedMap;

/**
 * All that the earlier stages made of a spec.
 *
 * @param network the training network before any pass, the auxiliary head included: its parameters
 *     are those of the model
 * @param plan what the model is described by
 * @param inference the optimised inference graph by output stride; they differ in attributes alone
 * @param training the training step
 * @param maximumCrop the largest crop that the training step is right for
 * @param generatedAnnotation whether code beside the spec can use {@code
 *     javax.annotation.processing.Generated}
 */
public record CompiledSpec(
    ModelSpec spec,
    Graph network,
    ModelPlan plan,
    SortedMap<Integer, Graph> inference,
    TrainingGraph training,
    int maximumCrop,
    boolean generatedAnnotation) {

  /** The inference graph at the trained output stride. */
  Graph trainedInference() {
    Graph graph = inference.get(spec.backbone().outputStride());
    if (graph == null) {
      throw new IllegalStateException("no inference graph at the trained output stride");
    }
    return graph;
  }
}
