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
 */
record PaddedImages(List<RgbImage> images, int rows, int columns) {
  /** Rows of the highest image. */
  int height() {
    return images.stream().mapToInt(RgbImage::height).max().orElseThrow();
  }

  /** Columns of the widest image. */
  int width() {
    return images.stream().mapToInt(RgbImage::width).max().orElseThrow();
  }

  /** {@code [N, rows, columns, 3]}, to be closed. */
  TUint8 tensor() {
    return TUint8.tensorOf(
        Shape.of(images.size(), rows, columns, 3),
        tensor -> {
          ByteDataBuffer data = tensor.asRawTensor().data();
          for (int i = 0; i < images.size(); i++) {
            data.offset((long) i * rows * columns * 3).write(padded(images.get(i)));
          }
        });
  }

  private byte[] padded(RgbImage image) {
    if (image.height() == rows && image.width() == columns) {
      return image.rgb();
    }
    byte[] all = new byte[rows * columns * 3];
    MeanPixel.fill(all, 0, rows * columns);
    int row = image.width() * 3;
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.rgb(), y * row, all, y * columns * 3, row);
    }
    return all;
  }
}
