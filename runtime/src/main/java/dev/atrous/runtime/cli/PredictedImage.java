package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelPictures;
import dev.atrous.runtime.data.MaskValues;
import dev.atrous.runtime.data.ProbabilityFiles;
import org.jspecify.annotations.Nullable;

/** An image that gets its labels: their pictures, and how many pixels each class has. */
final class PredictedImage implements AutoCloseable {
  private final Prediction prediction;
  private final ImageRows image;
  private final LabelPictures pictures;
  private final @Nullable ProbabilityFiles probabilities;
  private final long[] pixels = new long[256];

  /**
   * Begins the files.
   *
   * @param classes of the probabilities; 0 for no files of them
   */
  PredictedImage(
      Prediction prediction, ImageRows image, MaskValues values, ClassColors colors, int classes) {
    this.prediction = prediction;
    this.image = image;
    pictures = new LabelPictures(image, prediction.mask(), values, prediction.overlay(), colors);
    ProbabilityFiles files = null;
    boolean begun = false;
    try {
      if (classes > 0) {
        files =
            new ProbabilityFiles(
                image.width(),
                image.height(),
                classes,
                prediction.probability(),
                prediction.probabilities());
      }
      begun = true;
    } finally {
      if (!begun) {
        pictures.close();
      }
    }
    probabilities = files;
  }

  Prediction prediction() {
    return prediction;
  }

  ImageRows image() {
    return image;
  }

  /** Adds the next rows. */
  void add(LabelMap labels) {
    pictures.add(labels);
    for (byte label : labels.labels()) {
      pixels[Byte.toUnsignedInt(label)]++;
    }
  }

  /**
   * Adds the next rows.
   *
   * @param values {@code [rows, W, classes]}
   */
  void add(LabelMap labels, float[] values) {
    add(labels);
    if (probabilities != null) {
      probabilities.add(values);
    }
  }

  /** The share of the pixels that have a label, 0 to 1. */
  double share(int label) {
    return pixels[label] / ((double) image.width() * image.height());
  }

  /** Puts the files in their places. */
  void finish() {
    pictures.finish();
    if (probabilities != null) {
      probabilities.finish();
    }
  }

  @Override
  public void close() {
    pictures.close();
    if (probabilities != null) {
      probabilities.close();
    }
  }
}
