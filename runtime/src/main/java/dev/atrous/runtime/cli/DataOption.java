package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelRules;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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
      description =
          "Folder of images and masks: PASCAL VOC's, Cityscapes', ADE20K's, or images and masks.")
  @Nullable Path directory;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "The layout of --data: ${COMPLETION-CANDIDATES}; default: the one it shows.",
      completionCandidates = Formats.class)
  @Nullable String format;

  @Option(
      names = "--labels",
      paramLabel = "RULES",
      description = {
        "What values or colours in masks mean: a file with lines like '1-20 = 0-19' or '#804080 = 3',"
            + " or one of numbers, from-one, binary, voc-colors, cityscapes, cityscapes-colors;",
        "default: label-rules.txt in --data, or what they mean in its layout."
      })
  @Nullable String labels;

  @Option(
      names = "--val-share",
      paramLabel = "SHARE",
      description =
          "Which share of the images is for validation where nothing in --data tells; default: 0.2.")
  @Nullable Double valShare;

  /** The folder, where the option is required. */
  Path directory() {
    return Objects.requireNonNull(directory);
  }

  /**
   * How the folder is read: as the options say, or else as a run did.
   *
   * @param classNames of the model, or none
   * @param run how a run read the folder; null if there is none
   * @throws AtrousException if there are no such rules
   * @throws IllegalArgumentException if the share is none
   */
  FolderDataset.Reading reading(
      int classes, List<String> classNames, FolderDataset.@Nullable Reading run) {
    FolderDataset.Reading otherwise = run == null ? FolderDataset.Reading.DEFAULT : run;
    return new FolderDataset.Reading(
        format == null ? otherwise.format() : format,
        labels == null ? otherwise.labels() : LabelRules.read(labels, classes, classNames),
        valShare == null ? otherwise.valShare() : valShare);
  }

  /** The values of {@code --format}. */
  static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return FolderDataset.formats().iterator();
    }
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
