package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.LabelMap;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TIntegral;

/**
 * A batch of images, each in the upper left corner of the same number of pixels.
 *
 * @param rows at least as many as each image has
 * @param columns at least as many as each image has
 * @param input what is fed
 */
record PaddedImages(List<? extends ImageRows> images, int rows, int columns, ImageInput input) {
  private static final int PIXELS_AT_ONCE = 1 << 20; // that are copied

  /** Rows of the highest image. */
  int height() {
    return images.stream().mapToInt(ImageRows::height).max().orElseThrow();
  }

  /** Columns of the widest image. */
  int width() {
    return images.stream().mapToInt(ImageRows::width).max().orElseThrow();
  }

  /** {@code [N, rows, columns, bands]}, to be closed. */
  TIntegral tensor() {
    return tensor(0, rows);
  }

  /** Rows of the padded images, {@code [N, count, columns, bands]}, to be closed. */
  TIntegral tensor(int top, int count) {
    int row = columns * input.format().bytes();
    return input.tensor(
        Shape.of(images.size(), count, columns),
        data -> {
          int atOnce = Math.max(1, PIXELS_AT_ONCE / columns);
          for (int i = 0; i < images.size(); i++) {
            for (int y = 0; y < count; y += atOnce) {
              int part = Math.min(atOnce, count - y);
              data.offset(((long) i * count + y) * row).write(padded(images.get(i), top + y, part));
            }
          }
        });
  }

  /**
   * Labels of the images, 255 where an image has no pixel: {@code [N, height, width]}, to be
   * closed.
   */
  TUint8 tensor(List<LabelMap> labels) {
    int height = height();
    int width = width();
    byte[] all = new byte[labels.size() * height * width];
    Arrays.fill(all, (byte) LabelMap.VOID);
    for (int i = 0; i < labels.size(); i++) {
      LabelMap map = labels.get(i);
      for (int y = 0; y < map.height(); y++) {
        System.arraycopy(map.labels(), y * map.width(), all, (i * height + y) * width, map.width());
      }
    }
    return TUint8.tensorOf(Shape.of(labels.size(), height, width), DataBuffers.of(all));
  }

  private byte[] padded(ImageRows image, int top, int count) {
    int inside = Math.max(0, Math.min(count, image.height() - top));
    byte[] pixels = inside == 0 ? new byte[0] : image.rows(top, inside).values();
    if (inside == count && image.width() == columns) {
      return pixels;
    }
    int bytes = input.format().bytes();
    byte[] all = new byte[count * columns * bytes];
    input.padding().fill(all, 0, count * columns);
    int row = image.width() * bytes;
    for (int y = 0; y < inside; y++) {
      System.arraycopy(pixels, y * row, all, y * columns * bytes, row);
    }
    return all;
  }

  /**
   * Hands on labels, each image's as far as it has them.
   *
   * @param labels {@code [N, R, width]}
   * @param width at least that of each image
   * @param top the first row
   */
  void handOn(byte[] labels, int width, int top, LabelStrips strips) {
    int count = labels.length / width / images.size();
    for (int i = 0; i < images.size(); i++) {
      ImageRows image = images.get(i);
      int height = Math.min(count, image.height() - top);
      if (height > 0) {
        byte[] own = new byte[height * image.width()];
        for (int y = 0; y < height; y++) {
          System.arraycopy(labels, (i * count + y) * width, own, y * image.width(), image.width());
        }
        strips.add(i, top, new LabelMap(image.width(), height, own));
      }
    }
  }

  /**
   * Hands on labels as {@link #handOn(byte[], int, int, LabelStrips)} does, with probabilities.
   *
   * @param probabilities {@code [N, R, width, classes]}
   */
  void handOn(
      byte[] labels, FloatDataBuffer probabilities, int width, int top, ProbabilityStrips strips) {
    int classes = Math.toIntExact(probabilities.size() / labels.length);
    int count = labels.length / width / images.size();
    handOn(
        labels,
        width,
        top,
        (i, first, all) -> {
          int row = all.width() * classes;
          int atOnce = Math.max(1, PIXELS_AT_ONCE / row);
          for (int y = 0; y < all.height(); y += atOnce) {
            int rows = Math.min(atOnce, all.height() - y);
            float[] values = new float[rows * row];
            for (int in = 0; in < rows; in++) {
              long from = ((long) i * count + y + in) * width * classes;
              probabilities.slice(from, row).read(values, in * row, row);
            }
            byte[] own =
                Arrays.copyOfRange(all.labels(), y * all.width(), (y + rows) * all.width());
            strips.add(i, first + y, new LabelMap(all.width(), rows, own), values);
          }
        });
  }
}
