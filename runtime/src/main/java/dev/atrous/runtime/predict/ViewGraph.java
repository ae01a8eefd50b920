package dev.atrous.runtime.predict;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.NetworkOps;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/**
 * The inference graph for one view of some images. It takes the view from the images, as floats:
 * resized pixels are not rounded. It computes the class scores, those of the mirror image in the
 * same batch if need be, interpolates them to the pixels of the images that the view labels, and
 * adds their probabilities to the sum of earlier views.
 *
 * <p>Scores of any scale are interpolated to the images at once. (The authors' code takes those of
 * a scale below 1 to the map of scale 1 first.)
 */
final class ViewGraph {
  private final Ops tf;
  private final NetworkOps<?> nn;
  private final boolean alignCorners;
  private final Placeholder<TUint8> images;
  private final Axis rows;
  private final Axis columns;
  private final Placeholder<TFloat32> sum;
  private final Placeholder<TInt32> sumMargins;
  private final Placeholder<TInt32> viewMargins;
  private final Placeholder<TInt32> done;
  private final Operand<TFloat32> otherRows;
  private final Operand<TFloat32> doneRows;
  private final Operand<TUint8> doneLabels;

  /** The inputs for a {@link Span}. */
  private record Axis(
      Placeholder<TInt32> lower,
      Placeholder<TFloat32> share,
      Placeholder<TFloat32> positions,
      Placeholder<TFloat32> weights) {

    static Axis in(Ops tf) {
      return new Axis(
          tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))),
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1))),
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1))),
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1))));
    }

    void feed(Feeds feeds, Span span) {
      feeds
          .feed(lower, span.lower())
          .feed(share, span.share())
          .feed(positions, span.positions())
          .feed(weights, span.weights());
    }
  }

  /**
   * @param flip whether the view is seen mirrored as well
   */
  ViewGraph(Ops tf, NetworkOps<?> nn, CompiledModel model, int outputStride, boolean flip) {
    this.tf = tf;
    this.nn = nn;
    alignCorners = model.description().conventions().alignCorners();
    Shape imageShape = Shape.of(-1, -1, -1, model.description().bands());
    images = tf.placeholder(TUint8.class, Placeholder.shape(imageShape));
    rows = Axis.in(tf);
    columns = Axis.in(tf);
    Shape sumShape = Shape.of(-1, -1, -1, model.description().classes());
    sum = tf.placeholder(TFloat32.class, Placeholder.shape(sumShape));
    sumMargins = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(8)));
    viewMargins = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(8)));
    done = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));

    Operand<TFloat32> view = between(between(images, rows, 1), columns, 2);
    Operand<TFloat32> seen = flip ? tf.concat(List.of(view, mirrored(view)), tf.constant(0)) : view;
    Operand<TFloat32> scores = model.scores(nn, seen, outputStride);
    Operand<TFloat32> probabilities =
        flip ? sumWithMirrorImage(scores, view) : probabilities(scores, view);
    Operand<TFloat32> added =
        tf.math.add(
            padded(sum, sumMargins), padded(tf.math.mul(probabilities, weights()), viewMargins));
    Operand<TInt32> none = tf.constant(0);
    Operand<TInt32> all = tf.constant(-1);
    otherRows = tf.slice(added, inRows(none, done), inRows(all, all));
    doneRows = tf.slice(added, inRows(none, none), inRows(all, done));
    doneLabels =
        tf.dtypes.cast(tf.math.argMax(doneRows, tf.constant(3), TInt32.class), TUint8.class);
  }

  /**
   * Interpolates the rows (axis 1) or columns (2) of images to those of a view. Each has two
   * neighbours at most, so unlike with a small map there is little to multiply.
   */
  private Operand<TFloat32> between(Operand<? extends TNumber> x, Axis axis, int dimension) {
    Operand<TInt32> size = tf.stridedSlice(tf.shape(x), Indices.at(dimension));
    Operand<TInt32> one = tf.constant(1);
    Operand<TInt32> upper = tf.math.minimum(tf.math.add(axis.lower, one), tf.math.sub(size, one));
    Operand<TFloat32> before = picked(x, axis.lower, dimension);
    Operand<TFloat32> after = picked(x, upper, dimension);
    Operand<TFloat32> share = along(axis.share, dimension);
    return tf.math.add(before, tf.math.mul(tf.math.sub(after, before), share));
  }

  private Operand<TFloat32> picked(
      Operand<? extends TNumber> x, Operand<TInt32> indices, int dimension) {
    return tf.dtypes.cast(tf.gather(x, indices, tf.constant(dimension)), TFloat32.class);
  }

  /** A value for each row (axis 1) or column (2), for maps {@code [N, H, W, C]}. */
  private Operand<TFloat32> along(Operand<TFloat32> values, int dimension) {
    return tf.reshape(
        values, tf.constant(dimension == 1 ? new int[] {-1, 1, 1} : new int[] {-1, 1}));
  }

  private Operand<TFloat32> mirrored(Operand<TFloat32> x) {
    return tf.reverse(x, tf.constant(new int[] {2}));
  }

  private Operand<TFloat32> sumWithMirrorImage(Operand<TFloat32> scores, Operand<TFloat32> view) {
    List<Output<TFloat32>> halves = tf.split(tf.constant(0), scores, 2L).output();
    return tf.math.add(
        probabilities(halves.get(0), view), probabilities(mirrored(halves.get(1)), view));
  }

  /** At the pixels that the view labels. */
  private Operand<TFloat32> probabilities(Operand<TFloat32> scores, Operand<TFloat32> view) {
    return tf.nn.softmax(
        nn.interpolate(scores, view, rows.positions, columns.positions, alignCorners));
  }

  private Operand<TFloat32> weights() {
    return tf.math.mul(along(rows.weights, 1), along(columns.weights, 2));
  }

  private Operand<TFloat32> padded(Operand<TFloat32> x, Operand<TInt32> margins) {
    return tf.pad(x, tf.reshape(margins, tf.constant(new int[] {4, 2})), tf.constant(0f));
  }

  /** An index or size for the slice of some rows of a map. */
  private Operand<TInt32> inRows(Operand<TInt32> other, Operand<TInt32> rows) {
    return tf.stack(List.of(other, rows, other, other));
  }

  /** Probabilities of the rows that are done, {@code [N, done, W, classes]}: the sum of all. */
  Operand<TFloat32> doneRows() {
    return doneRows;
  }

  /** Labels of the rows that are done, {@code [N, done, W]}. */
  Operand<TUint8> doneLabels() {
    return doneLabels;
  }

  /**
   * A view to add to a sum.
   *
   * @param top the row of the images that the sum begins with
   * @param done how many of its rows are done with this view
   */
  record Step(View view, int top, int done) {}

  /**
   * Adds a view.
   *
   * @param batch {@code [N, padded height, padded width, 3]}
   * @param earlier sum of the views before, {@code [N, R, W, classes]}; gets more rows if need be
   * @param output {@link #doneRows} or {@link #doneLabels}
   * @return the sum without the rows that are done, and the output; to be closed
   */
  Result add(Session session, TUint8 batch, Tensor earlier, Step step, Operand<?> output) {
    Span rowSpan = step.view.rows();
    Span columnSpan = step.view.columns();
    int height = Math.toIntExact(earlier.shape().get(1));
    int width = Math.toIntExact(earlier.shape().get(2));
    int reached = Math.max(height, rowSpan.end() - step.top);
    int above = rowSpan.begin() - step.top;
    int below = reached - (rowSpan.end() - step.top);
    int left = columnSpan.begin();
    int right = width - columnSpan.end();
    try (Feeds feeds = new Feeds(session)) {
      rows.feed(feeds, rowSpan);
      columns.feed(feeds, columnSpan);
      return feeds
          .feed(images, batch)
          .feed(sum, earlier)
          .feed(sumMargins, new int[] {0, 0, 0, reached - height, 0, 0, 0, 0})
          .feed(viewMargins, new int[] {0, 0, above, below, left, right, 0, 0})
          .feed(done, step.done)
          .fetch(otherRows, output);
    }
  }
}
