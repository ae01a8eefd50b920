package dev.atrous.runtime.predict;

import org.jspecify.annotations.Nullable;
import org.tensorflow.types.family.TIntegral;

/** Those rows of padded images that the views at work see. */
final class Band implements AutoCloseable {
  private final PaddedImages images;
  private int top;
  private int count;
  private @Nullable TIntegral tensor;

  Band(PaddedImages images) {
    this.images = images;
  }

  /**
   * The rows that a view is interpolated from, {@code [N, count, columns, bands]}. They are kept
   * until another view needs other ones.
   */
  TIntegral of(Span rows) {
    int first = rows.firstSource();
    int needed = rows.lastSource(images.rows()) + 1 - first;
    TIntegral held = tensor;
    if (held != null && first == top && needed == count) {
      return held;
    }
    close();
    TIntegral made = images.tensor(first, needed);
    tensor = made;
    top = first;
    count = needed;
    return made;
  }

  /** The row of the padded images that the band begins with. */
  int top() {
    return top;
  }

  @Override
  public void close() {
    if (tensor != null) {
      tensor.close();
      tensor = null;
    }
  }
}
