package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Padding;

/**
 * A sliding window along one axis, with padding around it.
 *
 * @param size of the axis
 * @param kernel number of taps
 * @param rate distance of two taps
 */
record Window(int size, int kernel, int stride, int rate, Padding padding) {

  private int halo() {
    return rate * (kernel - 1) / 2;
  }

  /** How many positions of the window lie within the padded axis. */
  int outputs() {
    int count = 0;
    int lastTap = rate * (kernel - 1);
    for (int start = -halo(); start + lastTap < size + halo(); start += stride) {
      count++;
    }
    return count;
  }

  /** Padding before the axis. TensorFlow's SAME pads for the last window, the odd pixel behind. */
  private int before() {
    if (padding == Padding.SYMMETRIC) {
      return halo();
    }
    int last = ((size + stride - 1) / stride - 1) * stride + rate * (kernel - 1) + 1;
    return Math.max(last - size, 0) / 2;
  }

  /** Where on the axis a tap is; may be outside, that is, on padding. */
  int position(int output, int tap) {
    return output * stride - before() + tap * rate;
  }

  /** Whether a position is on the axis itself. */
  boolean covers(int position) {
    return 0 <= position && position < size;
  }
}
