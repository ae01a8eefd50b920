package dev.atrous.runtime.model;

/**
 * How many weights of a 3x3 filter of stride 1 meet the map, and not the padding around it (section
 * 3.3 of the paper, Figure 4). Along an axis of {@code n} positions and at rate {@code r}, three
 * taps meet it at {@code n - 2r} of them; one, the centre, at {@code 2r - n}, or at all from {@code
 * r = n} on; and two at the others.
 *
 * @param height rows of the map
 * @param width columns of the map
 * @param rate atrous rate, at least 1
 */
public record ValidWeights(int height, int width, int rate) {
  private static final int TAPS = 3;

  /** The share of the positions at which exactly so many weights are valid: 0 to 1. */
  public double positions(int weights) {
    long count = 0;
    for (int rows = 1; rows <= TAPS; rows++) {
      for (int columns = 1; columns <= TAPS; columns++) {
        count +=
            rows * columns == weights ? positions(height, rows) * positions(width, columns) : 0;
      }
    }
    return (double) count / height / width;
  }

  /** The share of the positions at which neither 9 nor 4 nor 1 weights are valid, but 6 or 2. */
  public double otherPositions() {
    return positions(6) + positions(2);
  }

  /** The mean share of the weights that are valid: 0 to 1. */
  public double share() {
    return share(height) * share(width);
  }

  private double share(int size) {
    long taps = 0;
    for (int valid = 1; valid <= TAPS; valid++) {
      taps += valid * positions(size, valid);
    }
    return (double) taps / (TAPS * (long) size);
  }

  /** At how many positions along an axis so many taps are valid. */
  private long positions(int size, int taps) {
    long three = Math.max(0, size - 2L * rate);
    long one = rate >= size ? size : Math.max(0, 2L * rate - size);
    return switch (taps) {
      case 1 -> one;
      case 2 -> size - three - one;
      default -> three;
    };
  }
}
