package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Images with their labels, by index: what a model is trained and evaluated on. {@link
 * FolderDataset} is one on disk; any other source of samples is a class that implements this:
 *
 * <pre>{@code
 * final class Tiles implements Dataset {
 *   public String name() { return "tiles"; }
 *   public int classes() { return 2; }
 *   public int size() { return 1000; }
 *   public String sampleName(int index) { return "tile " + index; }
 *   public LabelledImage load(int index) { ... }
 * }
 * }</pre>
 *
 * <p>Several threads may load at once. Each load of an index gives the same, for a training to be
 * repeatable.
 */
public interface Dataset {
  /** What it is called in messages: {@code VOC2012/train}. */
  String name();

  /** Number of classes with background, 1..255. */
  int classes();

  /** Number of samples, repeated ones included; at least 1. */
  int size();

  /**
   * What a sample is called in messages and names of pictures; samples that are the same have the
   * same.
   *
   * @param index 0..size-1
   */
  String sampleName(int index);

  /**
   * The file that the image of a sample is from, where it is from one.
   *
   * @param index 0..size-1
   */
  default Optional<Path> file(int index) {
    return Optional.empty();
  }

  /**
   * The same samples with images of such pixels. A source that has its images one way alone returns
   * itself; images of other pixels than the model's are then an error.
   *
   * @param format what the model takes
   */
  default Dataset withPixels(PixelFormat format) {
    return this;
  }

  /**
   * Decodes a sample. Labels are 0..classes-1, and {@link LabelMap#VOID} where they are ignored.
   *
   * @param index 0..size-1
   * @throws dev.atrous.runtime.AtrousException if it can't be used; the message names it
   * @throws dev.atrous.runtime.Interruption if the thread is interrupted while it is read
   */
  LabelledImage load(int index);
}
