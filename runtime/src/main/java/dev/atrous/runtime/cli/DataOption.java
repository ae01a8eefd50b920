package dev.atrous.runtime.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The data set of the commands that need images with masks. */
final class DataOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with JPEGImages, SegmentationClass and ImageSets/Segmentation.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Path directory;
}
