package dev.atrous.processor.network;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.spec.ModelSpec;

/** The second stage: the graph of a spec's network, with the shapes of its training crop. */
public final class NetworkStage {
  /** Name of the fed images, {@code [N, H, W, bands]} bytes. */
  public static final String IMAGES = "images";

  /** Name of the fed labels, {@code [N, H, W]} bytes. */
  public static final String LABELS = "labels";

  /** The result of an inference graph, {@code [N, H, W, classes]}. */
  public static final String LOGITS = "logits";

  /** The result of a training graph, a scalar. */
  public static final String LOSS = "loss";

  private NetworkStage() {}

  /**
   * Builds the network.
   *
   * @param outputStride one of the spec's
   */
  public static Graph build(ModelSpec spec, int outputStride, Mode mode) {
    return new Network(spec, outputStride, mode).build();
  }
}
