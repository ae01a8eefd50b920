package dev.atrous.runtime.predict;

import java.util.Arrays;

/**
 * The rows of a view, or its columns: where they lie in the image that it is a view of, and which
 * pixels of the image get their labels from it.
 *
 * @param lower {@code [length]}: the pixel of the padded image at or before each pixel of the view
 * @param share {@code [length]}: how far on the way to the next one it is, 0 to 1
 * @param begin the first pixel of the image that is labelled
 * @param positions of the labelled pixels in the view, in its pixels: 0 is the centre of its first
 * @param weights of the labelled pixels: 1 by the number of views of this scale that see them
 */
@SuppressWarnings("ArrayRecordComponent") // fed to a graph, never compared
record Span(int[] lower, float[] share, int begin, float[] positions, float[] weights) {

  /** The first pixel of the padded image that is seen. */
  int firstSource() {
    return lower[0];
  }

  /** The last pixel of the padded image that is seen, of as many as {@code padded}. */
  int lastSource(int padded) {
    return Math.min(lower[lower.length - 1] + 1, padded - 1);
  }

  /** The same view in an image without the pixels before {@code first}. */
  Span below(int first) {
    int[] shifted = Arrays.stream(lower).map(pixel -> pixel - first).toArray();
    return new Span(shifted, share, begin, positions, weights);
  }

  /** The pixel of the image after the last that is labelled. */
  int end() {
    return begin + positions.length;
  }
}
