package dev.atrous.processor.interpreter;

/**
 * A sliding window along one axis, with as much padding before the axis as after it.
 *
 * @param size of the axis
 * @param kernel number of taps
 * @param rate distance of two taps
 */
record Window(int size, int kernel, int stride, int rate) {

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

  /** Where on the axis a tap is; may be outside, that is, on padding. */
  int position(int output, int tap) {
    return output * stride - halo() + tap * rate;
  }

  /** Whether a position is on the axis itself. */
  boolean covers(int position) {
    return 0 <= position && position < size;
  }
}
