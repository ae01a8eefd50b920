package dev.atrous.runtime.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The data set of the commands that need images with masks. */
final class DataOption {
  private static final String NAME = "--data";

  @Option(
      names = NAME,
      paramLabel = "DIR",
      required = true,
      description = "Folder with JPEGImages, SegmentationClass and ImageSets/Segmentation.")
  @Nullable Path directory;

  /** The folder, where the option is required. */
  Path directory() {
    return Objects.requireNonNull(directory);
  }

  /** Lets the option be left out in a command that does not always need a data set. */
  static final class NotRequired implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      OptionSpec required = command.findOption(NAME);
      command.remove(required);
      return command.addOption(required.toBuilder().required(false).build());
    }
  }
}
