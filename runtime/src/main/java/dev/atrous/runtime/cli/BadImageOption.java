package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.data.BadSamples;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a training goes on without images that can't be used, and which these are. */
final class BadImageOption {
  @Option(
      names = "--skip-bad-images",
      description =
          "Leave out images to train on that can't be used, and list them at the end; default:"
              + " they end the run.")
  @Nullable Boolean skip;

  /**
   * Opens what to train on.
   *
   * @param began whether the run that is resumed leaves out images
   * @param told is told each image that is left out
   */
  FolderDataset open(
      Path directory,
      String split,
      ModelDescription model,
      FolderDataset.Reading reading,
      boolean began,
      Consumer<String> told) {
    if (!(skip == null ? began : skip)) {
      return FolderDataset.open(directory, split, model.classes(), reading)
          .withPixels(ImageInput.of(model).format());
    }
    return FolderDataset.open(directory, split, model.classes(), reading, new BadSamples(told))
        .withPixels(ImageInput.of(model).format());
  }

  /** Lists the images that were left out. */
  static void print(FolderDataset data, PrintWriter console) {
    List<BadSamples.Bad> leftOut = data.leftOut();
    if (!leftOut.isEmpty()) {
      console.println("Left out: %d of %d images".formatted(leftOut.size(), data.distinct()));
      leftOut.forEach(bad -> console.println("  " + bad.problem()));
    }
  }

  /** Adds {@code left_out}. */
  static void put(FolderDataset data, ObjectNode json) {
    ArrayNode leftOut = json.putArray("left_out");
    data.leftOut()
        .forEach(
            bad -> leftOut.addObject().put("image", bad.sample()).put("problem", bad.problem()));
  }
}
