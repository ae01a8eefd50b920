package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** How a data set lies in its folder: where the images of a split are, and their labels. */
interface Layout {
  /** What a split has. */
  interface Listing {
    /** What lists the samples: a file or a folder. */
    Path source();

    /**
     * What labels mean where the user does not say.
     *
     * @throws AtrousException if that does not suit the number of classes
     */
    LabelRules labels(int classes);

    /**
     * At least one; files need not exist.
     *
     * @param rules by which labels are read
     */
    List<Sample> samples(LabelRules rules);

    /** What a user may not expect, in whole sentences. */
    List<String> remarks(LabelRules rules);
  }

  /**
   * Samples with a mask for each.
   *
   * @param all the samples
   * @param notes what a user may not expect, in whole sentences
   * @param rules what labels mean, by the number of classes
   */
  record Masks(List<Sample> all, Path source, List<String> notes, IntFunction<LabelRules> rules)
      implements Listing {
    @Override
    public LabelRules labels(int classes) {
      return rules.apply(classes);
    }

    @Override
    public List<Sample> samples(LabelRules unused) {
      return all;
    }

    @Override
    public List<String> remarks(LabelRules unused) {
      return notes;
    }
  }

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
}
