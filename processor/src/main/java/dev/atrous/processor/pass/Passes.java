package dev.atrous.processor.pass;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Verifier;
import java.util.List;
import java.util.function.BiConsumer;

/** The passes, in their order. */
public final class Passes {
  private static final List<Pass> TRAINING =
      List.of(new RemoveIdentities(), new SplitImagePooling(), new DropDeadTaps());

  /**
   * Inference graphs take images of any size and several output strides: only what holds for all of
   * them.
   */
  private static final List<Pass> INFERENCE = List.of(new SplitImagePooling());

  private Passes() {}

  /**
   * A graph after passes.
   *
   * @param dependsOnSize whether it computes the network up to the planned crop only
   */
  public record Optimized(Graph graph, boolean dependsOnSize) {}

  /** Optimises a training graph, planned for its crop. */
  public static Optimized training(Graph graph) {
    return run(TRAINING, graph, (pass, result) -> {});
  }

  /** Optimises an inference graph; the same rewrites apply at every size and output stride. */
  public static Graph inference(Graph graph) {
    return run(INFERENCE, graph, (pass, result) -> {}).graph();
  }

  /** All training passes in their order, for those that look at single ones. */
  static List<Pass> trainingPasses() {
    return TRAINING;
  }

  static Optimized run(List<Pass> passes, Graph graph, BiConsumer<Pass, Graph> after) {
    Graph current = graph;
    boolean dependsOnSize = false;
    for (Pass pass : passes) {
      Graph next = pass.apply(current);
      if (next != current) {
        Verifier.verify(next, pass.name());
        dependsOnSize |= pass.dependsOnSize();
      }
      current = next;
      after.accept(pass, current);
    }
    return new Optimized(current, dependsOnSize);
  }
}
