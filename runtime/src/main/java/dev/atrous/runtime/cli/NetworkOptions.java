package dev.atrous.runtime.cli;

import dev.atrous.runtime.model.ModelDescription;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a network runs with, in training and in inference; null is the default of the command. */
final class NetworkOptions {
  @Option(
      names = "--weights",
      paramLabel = "PATH",
      description =
          "A checkpoint: directory or prefix; train starts a new run from its weights. Default:"
              + " runs/MODEL, as train writes it, for evaluate and predict; random weights for"
              + " train and bench.")
  @Nullable Path weights;

  @Option(
      names = "--output-stride",
      paramLabel = "N",
      description =
          "Smaller is finer and slower, with the same weights; describe shows the possible ones."
              + " Default: the spec's, and train takes no other: a model is compiled for the one that"
              + " it trains at.")
  @Nullable Integer outputStride;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description =
          "Side of the crops; default: the spec's. To evaluate or predict, the default is that of the"
              + " run of --weights. Smaller images are padded to this size.")
  @Nullable Integer crop;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description =
          "Crops to compute at once; default: the spec's. To evaluate or predict, images to compute"
              + " together, if they are padded to one size; default: 1.")
  @Nullable Integer batchSize;

  /** The side of the crops. */
  int crop(ModelDescription model) {
    return crop == null ? model.crop() : crop;
  }
}
