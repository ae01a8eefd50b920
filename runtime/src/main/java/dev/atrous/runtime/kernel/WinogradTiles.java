package dev.atrous.runtime.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How maps of one size are cut into tiles of 4 x 4 outputs, each of which depends on 6 x 6 inputs,
 * for {@link Winograd}. At atrous rate {@code r} a map is {@code r x r} interleaved maps, each with
 * tiles of its own: the outputs of tile {@code k} of an axis begin at {@code (k / r) * 4r + k % r},
 * and each is {@code r} after the one before.
 *
 * <p>Maps are {@code [N, H, W, C]}; the tiles of all images are {@code [points of a tile, T, C]}.
 */
final class WinogradTiles {
  private static final int OUTPUTS = 4;
  private static final int INPUTS = 6;

  /** Pixels of a batch from which tiles are faster. */
  private static final int LEAST_PIXELS = 500;

  /** The percentage of the outputs of tiles that must lie on the map. */
  private static final int LEAST_USE = 60;

  private final Ops tf;
  private final Constants constants;
  private final int rate;
  private final Operand<TInt32> images;
  private final Operand<TInt32> height;
  private final Operand<TInt32> width;
  private final Operand<TInt32> pixelsOfImage;
  private final Operand<TInt32> allPixels;

  /** Tiles along each axis, and in all images. */
  private final Operand<TInt32> rows;

  private final Operand<TInt32> columns;
  private final Operand<TInt32> tilesOfImage;
  private final Operand<TInt32> allTiles;

  private @Nullable Operand<TBool> areFaster;
  private @Nullable Operand<TInt32> inputs;
  private @Nullable Operand<TInt32> outputs;
  private @Nullable Operand<TInt32> places;

  /** The tiles of maps of the size of {@code like}, which may be unknown. */
  WinogradTiles(Ops tf, Constants constants, Operand<?> like, int rate) {
    this.tf = tf;
    this.constants = constants;
    this.rate = rate;
    Operand<TInt32> shape = tf.shape(like);
    images = tf.stridedSlice(shape, Indices.at(0));
    height = tf.stridedSlice(shape, Indices.at(1));
    width = tf.stridedSlice(shape, Indices.at(2));
    pixelsOfImage = times(height, width);
    allPixels = times(images, pixelsOfImage);
    rows = along(height);
    columns = along(width);
    tilesOfImage = times(rows, columns);
    allTiles = times(images, tilesOfImage);
  }

  /** Whether a convolution is faster by tiles of a map. */
  static boolean areFaster(Shape map, int rate) {
    long pixels = map.get(0) * map.get(1) * map.get(2);
    long tiles = map.get(0) * along(map.get(1), rate) * along(map.get(2), rate);
    return pixels >= LEAST_PIXELS && pixels * 100 >= tiles * OUTPUTS * OUTPUTS * LEAST_USE;
  }

  private static long along(long length, int rate) {
    int block = OUTPUTS * rate;
    return length / block * rate + Math.min(rate, length % block);
  }

  /** {@link #areFaster(Shape, int)} of a size that is known when the graph runs. */
  Operand<TBool> areFaster() {
    if (areFaster == null) {
      areFaster =
          tf.math.logicalAnd(
              tf.math.greaterEqual(allPixels, constants.number(LEAST_PIXELS)),
              tf.math.greaterEqual(
                  times(allPixels, 100), times(allTiles, OUTPUTS * OUTPUTS * LEAST_USE)));
    }
    return areFaster;
  }

  /** Tiles along an axis. */
  private Operand<TInt32> along(Operand<TInt32> length) {
    return plus(
        times(over(length, OUTPUTS * rate), rate),
        tf.math.minimum(constants.number(rate), rest(length, OUTPUTS * rate)));
  }

  /** What the tiles depend on, {@code [36, T, C]}; zero outside of the map. */
  Operand<TFloat32> inputs(Ops tf, Operand<TFloat32> map) {
    if (inputs == null) {
      inputs = pixels(INPUTS, -1);
    }
    return cut(tf, map, inputs, INPUTS);
  }

  /** The tiles themselves, {@code [16, T, C]}; zero outside of the map. */
  Operand<TFloat32> outputs(Ops tf, Operand<TFloat32> map) {
    if (outputs == null) {
      outputs = pixels(OUTPUTS, 0);
    }
    return cut(tf, map, outputs, OUTPUTS);
  }

  private Operand<TFloat32> cut(Ops tf, Operand<TFloat32> map, Operand<TInt32> pixels, int side) {
    int channels = Math.toIntExact(map.shape().get(3));
    Operand<TFloat32> flat = tf.reshape(map, constants.vector(-1, channels));
    Operand<TFloat32> outside = tf.constant(new float[1][channels]);
    return tf.reshape(
        tf.gather(
            tf.concat(List.of(flat, outside), constants.number(0)), pixels, constants.number(0)),
        constants.vector(side * side, -1, channels));
  }

  /**
   * The pixels of all tiles by their numbers, {@code [side * side * T]}; the number after the last
   * for those outside of the map.
   *
   * @param first where a tile begins, beside the first of its outputs
   */
  private Operand<TInt32> pixels(int side, int first) {
    Operand<TInt32> inRows = positions(side, first, height, rows, width);
    Operand<TInt32> inColumns = positions(side, first, width, columns, constants.number(1));
    Operand<TInt32> pixels =
        plus(
            plus(shaped(inRows, side, 1, 1, -1, 1), shaped(inColumns, 1, side, 1, 1, -1)),
            shaped(times(range(images), pixelsOfImage), -1, 1, 1));
    return tf.math.minimum(shaped(pixels, -1), allPixels);
  }

  /**
   * The positions of tiles along an axis, {@code [side, tiles]}; the number of all pixels stands
   * for those outside of the map.
   *
   * @param step pixels from one position to the next
   */
  private Operand<TInt32> positions(
      int side, int first, Operand<TInt32> length, Operand<TInt32> tiles, Operand<TInt32> step) {
    int[][] offsets = new int[side][1];
    for (int i = 0; i < side; i++) {
      offsets[i][0] = (first + i) * rate;
    }
    Operand<TInt32> tile = range(tiles);
    Operand<TInt32> begin = plus(times(over(tile, rate), OUTPUTS * rate), rest(tile, rate));
    Operand<TInt32> position = plus(begin, tf.constant(offsets));
    Operand<TBool> inside =
        tf.math.logicalAnd(
            tf.math.greaterEqual(position, constants.number(0)), tf.math.less(position, length));
    return tf.select(inside, times(position, step), allPixels);
  }

  /** Puts tiles, {@code [16, T, C]}, where they belong. */
  Operand<TFloat32> join(Ops tf, Operand<TFloat32> tiles) {
    if (places == null) {
      places = places();
    }
    int channels = Math.toIntExact(tiles.shape().get(2));
    return tf.gather(
        tf.reshape(tiles, constants.vector(-1, channels)), places, constants.number(0));
  }

  /** Which output of which tile each pixel is, {@code [N, H, W]}. */
  private Operand<TInt32> places() {
    Operand<TInt32> inRows =
        plus(times(times(point(height), OUTPUTS), allTiles), times(tile(height), columns));
    Operand<TInt32> inColumns = plus(times(point(width), allTiles), tile(width));
    return plus(
        plus(shaped(inRows, -1, 1), inColumns),
        shaped(times(range(images), tilesOfImage), -1, 1, 1));
  }

  /** The tile that each position of an axis is an output of. */
  private Operand<TInt32> tile(Operand<TInt32> length) {
    Operand<TInt32> position = range(length);
    return plus(times(over(position, OUTPUTS * rate), rate), rest(position, rate));
  }

  /** Which output of its tile each position of an axis is. */
  private Operand<TInt32> point(Operand<TInt32> length) {
    return over(rest(range(length), OUTPUTS * rate), rate);
  }

  private Operand<TInt32> range(Operand<TInt32> end) {
    return tf.range(constants.number(0), end, constants.number(1));
  }

  private Operand<TInt32> plus(Operand<TInt32> a, Operand<TInt32> b) {
    return tf.math.add(a, b);
  }

  private Operand<TInt32> times(Operand<TInt32> a, Operand<TInt32> b) {
    return tf.math.mul(a, b);
  }

  private Operand<TInt32> times(Operand<TInt32> a, int b) {
    return times(a, constants.number(b));
  }

  private Operand<TInt32> over(Operand<TInt32> a, int b) {
    return tf.math.floorDiv(a, constants.number(b));
  }

  private Operand<TInt32> rest(Operand<TInt32> a, int b) {
    return tf.math.floorMod(a, constants.number(b));
  }

  private Operand<TInt32> shaped(Operand<TInt32> a, int... shape) {
    return tf.reshape(a, constants.vector(shape));
  }
}
