package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelPictures;
import dev.atrous.runtime.data.MaskValues;

/** An image that gets its labels: their pictures, and how many pixels each class has. */
final class PredictedImage implements AutoCloseable {
  private final Prediction prediction;
  private final ImageRows image;
  private final LabelPictures pictures;
  private final long[] pixels = new long[256];

  /** Begins the pictures. */
  PredictedImage(Prediction prediction, ImageRows image, MaskValues values) {
    this.prediction = prediction;
    this.image = image;
    pictures = new LabelPictures(image, prediction.mask(), values, prediction.overlay());
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

  /** The share of the pixels that have a label, 0 to 1. */
  double share(int label) {
    return pixels[label] / ((double) image.width() * image.height());
  }

  /** Puts the pictures in their places. */
  void finish() {
    pictures.finish();
  }

  @Override
  public void close() {
    pictures.close();
  }
}
