package dev.atrous.runtime.data;

/**
 * What makes rows of a PNG compress better: each pixel as its difference from its neighbours. Of
 * the five filters of PNG, each row gets the one whose differences are smallest.
 */
final class PngFilter {
  private static final int FILTERS = 5; // none, left, above, mean, Paeth's

  private final int distance;
  private final byte[] above;
  private final byte[][] candidates;

  /**
   * @param rowBytes of a row
   * @param distance bytes from a value to that of the next pixel; 0 for values that are names, not
   *     amounts, and are not filtered
   */
  PngFilter(int rowBytes, int distance) {
    this.distance = distance;
    above = new byte[rowBytes];
    candidates = new byte[distance == 0 ? 1 : FILTERS][1 + rowBytes];
  }

  /**
   * The next row.
   *
   * @param at where it begins
   * @return the number of the filter, and the row; valid until the next call
   */
  byte[] filtered(byte[] rows, int at) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int filter = 0; filter < candidates.length; filter++) {
      long size = apply(filter, rows, at);
      if (size < least) {
        least = size;
        best = filter;
      }
    }
    System.arraycopy(rows, at, above, 0, above.length);
    return candidates[best];
  }

  /** Fills a candidate; gives the sum of its amounts. */
  private long apply(int filter, byte[] rows, int at) {
    byte[] out = candidates[filter];
    out[0] = (byte) filter;
    if (filter == 0 && candidates.length == 1) {
      System.arraycopy(rows, at, out, 1, above.length);
      return 0;
    }
    long sum = 0;
    for (int i = 0; i < above.length; i++) {
      boolean first = i < distance;
      int left = first ? 0 : rows[at + i - distance] & 0xff;
      int corner = first ? 0 : above[i - distance] & 0xff;
      byte value = (byte) (rows[at + i] - predicted(filter, left, above[i] & 0xff, corner));
      out[1 + i] = value;
      sum += Math.abs(value);
    }
    return sum;
  }

  private static int predicted(int filter, int left, int up, int corner) {
    return switch (filter) {
      case 0 -> 0;
      case 1 -> left;
      case 2 -> up;
      case 3 -> (left + up) / 2;
      default -> {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        yield toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
      }
    };
  }
}
