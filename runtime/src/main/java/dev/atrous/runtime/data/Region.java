package dev.atrous.runtime.data;

/**
 * The pixels of a crop that show the image: in each row those {@code from[y] <= x < to[y]}. The
 * others are padding.
 */
@SuppressWarnings("ArrayRecordComponent") // local to a crop, never compared
record Region(int[] from, int[] to) {
  /** One without pixels. */
  static Region empty(int side) {
    return new Region(new int[side], new int[side]);
  }

  int side() {
    return from.length;
  }
}
