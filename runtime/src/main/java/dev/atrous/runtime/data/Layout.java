package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a data set lies in its folder: where the images of a split are, and their labels. */
interface Layout {
  /**
   * The samples of a split.
   *
   * @param samples at least one; files need not exist
   * @param source what lists them: a file or a folder
   * @param remarks what a user may not expect, in whole sentences
   */
  record Listing(List<Sample> samples, Path source, List<String> remarks) {}

  /** What {@code --format} calls it. */
  String name();

  /** What it is called in sentences. */
  String title();

  /** What shows that a folder has this layout; empty if it has not. */
  Optional<String> sign(Path root);

  /**
   * Lists a split.
   *
   * @param valShare which share of the images is for validation, 0..1, where nothing in the folder
   *     tells splits apart
   * @throws AtrousException if the folder does not have this layout, or no such split; the message
   *     names those that it has
   */
  Listing list(Path root, String split, double valShare);

  /**
   * What labels mean where the user does not say.
   *
   * @throws AtrousException if that does not suit the number of classes
   */
  LabelRules labels(Path root, int classes);
}
