package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which views of an image the model sees. The label of a pixel is the class of the largest
 * probability (softmax), averaged over them (section 4.1 of the paper).
 *
 * <pre>{@code
 * options.withAveraging(Averaging.MULTI_SCALE.withFlip(true)) // the paper's
 * }</pre>
 *
 * @param scales sizes in which the image is seen, relative to its own: more than 0, at most 16,
 *     each once; default 1 alone
 * @param flip whether each view is seen mirrored, left to right, as well; default false
 * @param window what is seen at once of a view that is larger; default null: all
 */
public record Averaging(List<Double> scales, boolean flip, @Nullable SlidingWindow window) {
  /** The image as it is, at once. */
  public static final Averaging NONE = new Averaging(List.of(1.0), false, null);

  /** The paper's six scales: 0.5, 0.75, 1, 1.25, 1.5 and 1.75. */
  public static final Averaging MULTI_SCALE =
      new Averaging(List.of(0.5, 0.75, 1.0, 1.25, 1.5, 1.75), false, null);

  private static final int LARGEST_SCALE = 16; // a larger one is a mistake, such as a percentage

  /**
   * @throws AtrousException if there is no scale, or one is out of range or given twice
   */
  public Averaging {
    scales = List.copyOf(scales);
    if (scales.isEmpty()) {
      throw new AtrousException("There is no scale; give at least one, 1 for the image as it is.");
    }
    for (double scale : scales) {
      if (!(scale > 0 && scale <= LARGEST_SCALE)) {
        throw new AtrousException(
            "A scale is %s; it must be more than 0 and at most %d, where 1 is the image as it is."
                .formatted(scale, LARGEST_SCALE));
      }
    }
    if (scales.stream().distinct().count() < scales.size()) {
      throw new AtrousException("The scales " + scales + " have one twice; give each once.");
    }
  }

  /** The same at other scales. */
  public Averaging withScales(List<Double> value) {
    return new Averaging(value, flip, window);
  }

  /** The same with mirrored views or without. */
  public Averaging withFlip(boolean value) {
    return new Averaging(scales, value, window);
  }

  /** The same with other windows; null for none. */
  public Averaging withWindow(@Nullable SlidingWindow value) {
    return new Averaging(scales, flip, value);
  }
}
