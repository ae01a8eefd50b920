package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.data.BadSamples;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private final List<BadSamples> found = new ArrayList<>();

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
    BadSamples bad = new BadSamples(told);
    found.add(bad);
    return FolderDataset.open(directory, split, model.classes(), reading, bad)
        .withPixels(ImageInput.of(model).format());
  }

  private List<BadSamples.Bad> all() {
    return found.stream().flatMap(bad -> bad.all().stream()).toList();
  }

  /** Lists the images that were left out. */
  void print(FolderDataset data, PrintWriter console) {
    if (!all().isEmpty()) {
      console.println("Left out: %d of %d images".formatted(all().size(), data.distinct()));
      all().forEach(bad -> console.println("  " + bad.problem()));
    }
  }

  /** Adds {@code left_out}. */
  void put(ObjectNode json) {
    ArrayNode leftOut = json.putArray("left_out");
    all()
        .forEach(
            bad -> leftOut.addObject().put("image", bad.sample()).put("problem", bad.problem()));
  }
}
