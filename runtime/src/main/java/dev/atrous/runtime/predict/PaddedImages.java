package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.MeanPixel;
import dev.atrous.runtime.data.RgbImage;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.types.TUint8;

/**
 * A batch of images, each in the upper left corner of the same number of pixels.
 *
 * @param rows at least as many as each image has
 * @param columns at least as many as each image has
 * @param padding what lies outside of an image, of the images' bands
 */
record PaddedImages(List<RgbImage> images, int rows, int columns, MeanPixel padding) {
  /** Rows of the highest image. */
  int height() {
    return images.stream().mapToInt(RgbImage::height).max().orElseThrow();
  }

  /** Columns of the widest image. */
  int width() {
    return images.stream().mapToInt(RgbImage::width).max().orElseThrow();
  }

  /** {@code [N, rows, columns, bands]}, to be closed. */
  TUint8 tensor() {
    int bands = padding.bands();
    return TUint8.tensorOf(
        Shape.of(images.size(), rows, columns, bands),
        tensor -> {
          ByteDataBuffer data = tensor.asRawTensor().data();
          for (int i = 0; i < images.size(); i++) {
            data.offset((long) i * rows * columns * bands).write(padded(images.get(i)));
          }
        });
  }

  private byte[] padded(RgbImage image) {
    if (image.height() == rows && image.width() == columns) {
      return image.rgb();
    }
    int bands = padding.bands();
    byte[] all = new byte[rows * columns * bands];
    padding.fill(all, 0, rows * columns);
    int row = image.width() * bands;
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.rgb(), y * row, all, y * columns * bands, row);
    }
    return all;
  }
}
