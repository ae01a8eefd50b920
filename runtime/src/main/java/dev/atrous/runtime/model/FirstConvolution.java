package dev.atrous.runtime.model;

import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * The first convolution of a model from weights that were trained on images of another scale, or on
 * red, green and blue where the model has other bands. More bands repeat the weights of the three
 * in turns, fewer have their mean; all are scaled so that an image whose bands are equal, once they
 * are normalised, gets the response that grey had. Bands are about as far spread as the colours of
 * ImageNet, in units of their deviation.
 */
public final class FirstConvolution {
  /** Bands that weights of others are made for. */
  public static final int COLORS = 3;

  /**
   * The first convolution, and the moving mean behind it: of a stem of one convolution or of three.
   */
  public static final Map<String, String> STEMS =
      Map.of(
          "stem/conv/weights", "stem/bn/moving_mean",
          "stem/conv1/weights", "stem/bn1/moving_mean");

  private final PixelScale trained;
  private final PixelScale scale;
  private final int bands;

  /**
   * @param trained how images were scaled for the weights; of three bands
   * @param model how it scales images
   */
  public FirstConvolution(PixelScale trained, PixelScale model) {
    this.trained = trained;
    scale = model.isRgb() ? model : PixelScale.TORCHVISION;
    bands = model.bands();
  }

  /** Whether weights are those of the model as they are. */
  public boolean isSame() {
    return bands == COLORS && trained.equals(scale);
  }

  /** The shape of weights for red, green and blue. */
  public static Shape inColors(Shape shape) {
    return Shape.of(shape.get(0), shape.get(1), COLORS, shape.get(3));
  }

  /** What is said of a model of other bands, without a full stop. */
  public static String note(int bands) {
    return bands > COLORS
        ? "the first convolution has %d bands: the weights of red, green and blue are repeated in turns, and scaled so that the response to grey stays"
            .formatted(bands)
        : "the first convolution has %d band%s: the mean of the weights of red, green and blue, scaled so that the response to grey stays"
            .formatted(bands, bands == 1 ? "" : "s");
  }

  /**
   * The weights of the model.
   *
   * @param stored {@code [height, width, 3, outputs]}
   * @param shape of these
   * @return {@code [height, width, bands, outputs]}
   */
  public float[] weights(float[] stored, Shape shape) {
    float[] weights = stored.clone();
    int outputs = Math.toIntExact(shape.get(3));
    for (int i = 0; i < weights.length; i++) { // what the model divides by too much
      int color = i / outputs % COLORS;
      weights[i] *= scale.deviation().get(color) / trained.deviation().get(color);
    }
    return bands == COLORS ? weights : spread(weights, shape, bands);
  }

  /**
   * The moving mean behind it. Another mean of the images adds a constant to each output of the
   * convolution (except at the border), which batch normalisation is to subtract.
   *
   * @param stored {@code [outputs]}
   * @param weights as stored, {@code [height, width, 3, outputs]}
   */
  public float[] movingMean(float[] stored, float[] weights) {
    float[] mean = stored.clone();
    int outputs = mean.length;
    for (int i = 0; i < weights.length; i++) {
      int color = i / outputs % COLORS;
      float difference = trained.mean().get(color) - scale.mean().get(color);
      mean[i % outputs] += weights[i] * difference / trained.deviation().get(color);
    }
    return mean;
  }

  /**
   * Weights of other bands than three.
   *
   * @param colors {@code [height, width, 3, outputs]}
   * @return {@code [height, width, bands, outputs]}
   */
  static float[] spread(float[] colors, Shape shape, int bands) {
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
