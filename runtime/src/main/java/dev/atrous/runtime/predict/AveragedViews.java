package dev.atrous.runtime.predict;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.NetworkOps;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Inference by averaging views, one run of the graph each. They come from the upper rows down; rows
 * to which no other view will add get their labels and leave the sum.
 *
 * <p>So the sum has the rows that the views at work label: without windows all, with them no more
 * than a window has, divided by the smallest scale. Of the images, the rows that the view at work
 * sees are in memory. Nothing is kept in the graph: threads do not meet.
 */
final class AveragedViews implements Inference {
  private static final int VALUES_AT_ONCE = 1 << 20; // probabilities

  private final Views views;
  private final ViewGraph graph;
  private final int classes;
  private final float weight;

  AveragedViews(
      Ops tf, NetworkOps<?> nn, CompiledModel model, ImageInput input, PredictorOptions options) {
    Averaging averaging = options.averaging();
    views = new Views(options, model.description().conventions().alignCorners());
    graph = new ViewGraph(tf, nn, model, input, options.outputStride(), averaging.flip());
    classes = model.description().classes();
    weight = 1f / (averaging.scales().size() * (averaging.flip() ? 2 : 1));
  }

  @Override
  public void label(Session session, PaddedImages batch, LabelStrips labels) {
    int width = batch.width();
    run(
        session,
        batch,
        (sums, top, count) -> {
          byte[] strip = new byte[batch.images().size() * count * width];
          for (int y = 0; y < count; y++) {
            label(sums.takeRow(), strip, y, count, width);
          }
          batch.handOn(strip, width, top, labels);
        });
  }

  /**
   * The labels of a row.
   *
   * @param row {@code [N, width, classes]}
   * @param strip {@code [N, count, width]}
   * @param y of the row in the strip
   */
  private void label(float[] row, byte[] strip, int y, int count, int width) {
    for (int pixel = 0; pixel < row.length / classes; pixel++) {
      int image = pixel / width;
      strip[(image * count + y) * width + pixel % width] = (byte) largest(row, pixel * classes);
    }
  }

  /** The class of the largest of some probabilities, of several the first. */
  private int largest(float[] probabilities, int from) {
    int best = 0;
    for (int label = 1; label < classes; label++) {
      if (probabilities[from + label] > probabilities[from + best]) {
        best = label;
      }
    }
    return best;
  }

  @Override
  public void classify(Session session, PaddedImages batch, ProbabilityStrips strips) {
    int size = batch.images().size();
    int width = batch.width();
    int atOnce = Math.max(1, VALUES_AT_ONCE / (size * width * classes));
    run(
        session,
        batch,
        (sums, top, count) -> {
          for (int first = 0; first < count; first += atOnce) {
            int rows = Math.min(atOnce, count - first);
            byte[] labels = new byte[size * rows * width];
            float[] values = new float[labels.length * classes];
            for (int y = 0; y < rows; y++) {
              float[] row = sums.takeRow();
              label(row, labels, y, rows, width);
              for (int i = 0; i < row.length; i++) {
                row[i] *= weight;
              }
              int length = width * classes;
              for (int image = 0; image < size; image++) {
                System.arraycopy(row, image * length, values, (image * rows + y) * length, length);
              }
            }
            batch.handOn(labels, DataBuffers.of(values), width, top + first, strips);
          }
        });
  }

  /** Takes rows of the sum to which no view will add any more. */
  private interface DoneRows {
    /**
     * @param top the first one
     * @param count how many, at least 1; each is to be taken
     */
    void take(ProbabilityRows sums, int top, int count);
  }

  /** Runs all views. */
  private void run(Session session, PaddedImages batch, DoneRows done) {
    int height = batch.height();
    List<View> all = views.of(height, batch.width());
    try (Band band = new Band(batch);
        ProbabilityRows sums = new ProbabilityRows(batch.images().size(), batch.width(), classes)) {
      int top = 0;
      for (int i = 0; i < all.size(); i++) {
        try (Result result = graph.probabilities(session, band, all.get(i))) {
          sums.add((TFloat32) result.get(0), all.get(i));
        }
        int next = i + 1 < all.size() ? all.get(i + 1).rows().begin() : height;
        if (next > top) {
          done.take(sums, top, next - top);
          top = next;
        }
      }
    }
  }
}
