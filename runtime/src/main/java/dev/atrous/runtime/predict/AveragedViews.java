package dev.atrous.runtime.predict;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.NetworkOps;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Inference by averaging views, one run of the graph each. They come from the upper rows down; rows
 * to which no other view will add get their labels and leave the sum.
 *
 * <p>So the sum has the rows that the views at work label: without windows all, with them no more
 * than a window has, divided by the smallest scale. It goes from run to run without a copy to Java.
 * Of the images, the rows that the view at work sees are in memory. Nothing is kept in the graph:
 * threads do not meet.
 */
final class AveragedViews implements Inference {
  private final Views views;
  private final ViewGraph graph;
  private final int classes;
  private final float weight;

  AveragedViews(Ops tf, NetworkOps<?> nn, CompiledModel model, PredictorOptions options) {
    Averaging averaging = options.averaging();
    views = new Views(options, model.description().conventions().alignCorners());
    graph = new ViewGraph(tf, nn, model, options.outputStride(), averaging.flip());
    classes = model.description().classes();
    weight = 1f / (averaging.scales().size() * (averaging.flip() ? 2 : 1));
  }

  @Override
  public void label(Session session, PaddedImages batch, LabelStrips labels) {
    run(
        session,
        batch,
        graph.doneLabels(),
        (rows, top) -> batch.handOn((TUint8) rows, top, labels));
  }

  @Override
  public float[] probabilities(Session session, PaddedImages image) {
    int row = image.width() * classes;
    float[] probabilities = new float[Math.multiplyExact(image.height(), row)];
    run(
        session,
        image,
        graph.doneRows(),
        (rows, top) ->
            rows.asRawTensor()
                .data()
                .asFloats()
                .read(probabilities, top * row, Math.toIntExact(rows.size())));
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] *= weight;
    }
    return probabilities;
  }

  /**
   * Runs all views.
   *
   * @param done takes rows of the output, and the first one's number in the images
   */
  private void run(
      Session session, PaddedImages batch, Operand<?> output, ObjIntConsumer<Tensor> done) {
    int height = batch.height();
    List<View> all = views.of(height, batch.width());
    @Nullable Result before = null;
    Shape nothing = Shape.of(batch.images().size(), 0, batch.width(), classes);
    try (Band band = new Band(batch);
        TFloat32 start = TFloat32.tensorOf(nothing)) {
      int top = 0;
      for (int i = 0; i < all.size(); i++) {
        int next = i + 1 < all.size() ? all.get(i + 1).rows().begin() : height;
        Tensor sum = before == null ? start : before.get(0);
        View view = all.get(i);
        TUint8 images = band.of(view.rows());
        View inBand = new View(view.rows().below(band.top()), view.columns());
        ViewGraph.Step step = new ViewGraph.Step(inBand, top, next - top);
        Result after = graph.add(session, images, sum, step, output);
        close(before);
        before = after;
        done.accept(after.get(1), top);
        top = next;
      }
    } finally {
      close(before);
    }
  }

  private static void close(@Nullable Result result) {
    if (result != null) {
      result.close();
    }
  }
}
