package dev.atrous.processor.codegen;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;
import java.util.SortedMap;

/**
 * All that the earlier stages made of a spec.
 *
 * @param phases of its training in their order; one where it has none
 * @param inference the optimised inference graph by output stride; they differ in attributes alone
 * @param generatedAnnotation whether code beside the spec can use {@code
 *     javax.annotation.processing.Generated}
 */
public record CompiledSpec(
    List<CompiledPhase> phases, SortedMap<Integer, Graph> inference, boolean generatedAnnotation) {

  public CompiledSpec {
    phases = List.copyOf(phases);
  }

  /** The last phase: the model is what it makes of it. */
  CompiledPhase last() {
    return phases.get(phases.size() - 1);
  }

  ModelSpec spec() {
    return last().spec();
  }

  /** The inference graph at the trained output stride. */
  Graph trainedInference() {
    Graph graph = inference.get(spec().backbone().outputStride());
    if (graph == null) {
      throw new IllegalStateException("no inference graph at the trained output stride");
    }
    return graph;
  }
}
