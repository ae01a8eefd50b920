package dev.atrous.runtime.data;

import java.nio.file.Path;

/**
 * The probabilities of an image's pixels, written strip by strip: that of the most probable class
 * as a grey PNG, and those of all classes as NumPy's array {@code [H, W, classes]} of float32. They
 * appear complete or not at all.
 */
public final class ProbabilityFiles implements AutoCloseable {
  private final int classes;
  private final PngFile largest;
  private final NpyFile all;

  /**
   * Begins both files.
   *
   * @throws dev.atrous.runtime.AtrousException if a file can't be written; the message names it
   */
  public ProbabilityFiles(int width, int height, int classes, Path largestFile, Path allFile) {
    this.classes = classes;
    largest = PngFile.grey(largestFile, width, height);
    NpyFile second = null;
    try {
      second = new NpyFile(allFile, height, width, classes);
    } finally {
      if (second == null) {
        largest.close();
      }
    }
    all = second;
  }

  /**
   * Adds the next rows.
   *
   * @param probabilities {@code [rows, W, classes]}, each 0..1; a grey value is the largest of a
   *     pixel times 255, rounded
   * @throws dev.atrous.runtime.AtrousException if a file can't be written; the message names it
   */
  public void add(float[] probabilities) {
    byte[] grey = new byte[probabilities.length / classes];
    for (int pixel = 0; pixel < grey.length; pixel++) {
      float most = 0;
      for (int label = 0; label < classes; label++) {
        most = Math.max(most, probabilities[pixel * classes + label]);
      }
      grey[pixel] = (byte) Math.round(255 * Math.min(most, 1));
    }
    largest.write(grey);
    all.write(probabilities);
  }

  /** Puts both files in their places, when all rows are added. */
  public void finish() {
    largest.finish();
    all.finish();
  }

  /** Leaves nothing behind of files that were not finished. */
  @Override
  public void close() {
    largest.close();
    all.close();
  }
}
