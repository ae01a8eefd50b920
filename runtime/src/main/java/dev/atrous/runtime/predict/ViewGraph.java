package dev.atrous.runtime.predict;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.tensorflow.Feeds;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TIntegral;
import org.tensorflow.types.family.TNumber;

/**
 * The inference graph for one view of some images. It takes the view from the images, as floats:
 * resized pixels are not rounded. It computes the class scores, those of the mirror image in the
 * same batch if need be, and interpolates them to the pixels of the images that the view labels.
 *
 * <p>Scores of any scale are interpolated to the images at once. (The authors' code takes those of
 * a scale below 1 to the map of scale 1 first.)
 */
final class ViewGraph {
  private final Ops tf;
  private final NetworkOps<?> nn;
  private final boolean alignCorners;
  private final Placeholder<? extends TIntegral> images;
  private final Axis rows;
  private final Axis columns;
  private final Operand<TFloat32> weighted;

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
  ViewGraph(
      Ops tf,
      NetworkOps<?> nn,
      CompiledModel model,
      ImageInput input,
      int outputStride,
      boolean flip) {
    this.tf = tf;
    this.nn = nn;
    alignCorners = model.description().conventions().alignCorners();
    images = input.placeholder(tf, Shape.of(-1, -1, -1));
    rows = Axis.in(tf);
    columns = Axis.in(tf);

    Operand<TFloat32> view = between(between(images, rows, 1), columns, 2);
    Operand<TFloat32> seen = flip ? tf.concat(List.of(view, mirrored(view)), tf.constant(0)) : view;
    Operand<TFloat32> scores = model.scores(nn, seen, outputStride);
    Operand<TFloat32> probabilities =
        flip ? sumWithMirrorImage(scores, view) : probabilities(scores, view);
    weighted = tf.math.mul(probabilities, weights());
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

  /**
   * What a view adds to the sum: probabilities, each by the number of views of this scale that see
   * the pixel.
   *
   * @param band of the images
   * @return {@code [N, rows, columns, classes]} of the pixels that the view labels; to be closed
   */
  Result probabilities(Session session, Band band, View view) {
    TIntegral seen = band.of(view.rows());
    try (Feeds feeds = new Feeds(session)) {
      rows.feed(feeds, view.rows().below(band.top()));
      columns.feed(feeds, view.columns());
      return feeds.feed(images, seen).fetch(weighted);
    }
  }
}
