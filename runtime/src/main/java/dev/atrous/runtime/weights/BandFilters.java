package dev.atrous.runtime.weights;

import org.tensorflow.ndarray.Shape;

/**
 * The first convolution of a model of other bands than colours, from weights for red, green and
 * blue. More bands repeat the three in turns, fewer have their mean; all are scaled so that an
 * image whose bands are equal, once they are normalised, gets the response that grey had.
 */
final class BandFilters {
  static final int COLORS = 3;

  private BandFilters() {}

  /** The shape of weights in the file's number of inputs. */
  static Shape inColors(Shape shape) {
    return Shape.of(shape.get(0), shape.get(1), COLORS, shape.get(3));
  }

  /** What is said about it, without a full stop. */
  static String note(int bands) {
    return bands > COLORS
        ? "the first convolution has %d bands: the weights of red, green and blue are repeated in turns, and scaled so that the response to grey stays"
            .formatted(bands)
        : "the first convolution has %d band%s: the mean of the weights of red, green and blue, scaled so that the response to grey stays"
            .formatted(bands, bands == 1 ? "" : "s");
  }

  /**
   * The weights of the bands.
   *
   * @param colors {@code [height, width, 3, outputs]}
   * @return {@code [height, width, bands, outputs]}
   */
  static float[] of(float[] colors, Shape shape, int bands) {
    int area = Math.toIntExact(shape.get(0) * shape.get(1));
    int outputs = Math.toIntExact(shape.get(3));
    float[] weights = new float[area * bands * outputs];
    for (int tap = 0; tap < area; tap++) {
      for (int band = 0; band < bands; band++) {
        for (int out = 0; out < outputs; out++) {
          int first = tap * COLORS * outputs + out;
          weights[(tap * bands + band) * outputs + out] =
              bands > COLORS
                  ? colors[first + band % COLORS * outputs] / repetitions(band % COLORS, bands)
                  : (colors[first] + colors[first + outputs] + colors[first + 2 * outputs]) / bands;
        }
      }
    }
    return weights;
  }

  /** How many bands have the weights of a colour. */
  private static int repetitions(int color, int bands) {
    return (bands - color + COLORS - 1) / COLORS;
  }
}
