package dev.atrous.runtime.predict;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;

/**
 * Sums of probabilities for those rows of some images that views at work label. They are in native
 * memory, a tensor for each row, and a view changes the columns that it labels alone: adding costs
 * the same however wide the images are.
 */
final class ProbabilityRows implements AutoCloseable {
  private final int images;
  private final int width;
  private final int classes;
  private final List<TFloat32> rows = new ArrayList<>(); // [N, W, classes] each
  private int top; // the first one's number in the images

  ProbabilityRows(int images, int width, int classes) {
    this.images = images;
    this.width = width;
    this.classes = classes;
  }

  /**
   * Adds what a view gives.
   *
   * @param probabilities {@code [N, rows, columns, classes]} of the view
   */
  void add(TFloat32 probabilities, View view) {
    int height = view.rows().positions().length;
    int length = view.columns().positions().length * classes;
    int left = view.columns().begin() * classes;
    FloatDataBuffer values = floats(probabilities);
    float[] more = new float[length];
    float[] sum = new float[length];
    for (int y = 0; y < height; y++) {
      FloatDataBuffer row = floats(row(view.rows().begin() + y));
      for (int image = 0; image < images; image++) {
        values.slice((long) (image * height + y) * length, length).read(more);
        FloatDataBuffer target = row.slice((long) image * width * classes + left, length);
        target.read(sum);
        for (int i = 0; i < length; i++) {
          sum[i] += more[i];
        }
        target.write(sum);
      }
    }
  }

  private static FloatDataBuffer floats(TFloat32 tensor) {
    return tensor.asRawTensor().data().asFloats();
  }

  /** A row of the images; begins with zeros. */
  private TFloat32 row(int number) {
    while (top + rows.size() <= number) {
      Shape shape = Shape.of(images, width, classes);
      float[] zeros = new float[Math.toIntExact(shape.size())];
      rows.add(TFloat32.tensorOf(shape, tensor -> floats(tensor).write(zeros)));
    }
    return rows.get(number - top);
  }

  /**
   * Hands over the uppermost row.
   *
   * @return {@code [N, W, classes]}
   */
  float[] takeRow() {
    try (TFloat32 first = row(top)) {
      float[] sum = new float[images * width * classes];
      floats(first).read(sum);
      rows.remove(0);
      top++;
      return sum;
    }
  }

  @Override
  public void close() {
    rows.forEach(TFloat32::close);
    rows.clear();
  }
}
