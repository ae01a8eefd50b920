package dev.atrous.runtime.data;

import java.util.Arrays;
import java.util.List;

/**
 * Which bits of which coefficients the scans of a progressive JPEG bring. A file that was cut
 * between two scans decodes without a complaint, to a blurred picture.
 */
final class ProgressiveScans {
  private static final int SCAN = 0xda;
  private static final int COEFFICIENTS = 64;

  private final List<Integer> components; // their identifiers
  private final boolean[][] complete; // [component, coefficient]: whether its lowest bit has come

  private ProgressiveScans(List<Integer> components) {
    this.components = components;
    complete = new boolean[components.size()][COEFFICIENTS];
  }

  /**
   * Whether the scans bring every bit of every coefficient.
   *
   * @param file all bytes
   * @param scan where the first scan begins
   * @param components their identifiers, in the frame's order
   */
  static boolean areComplete(byte[] file, int scan, List<Integer> components) {
    ProgressiveScans scans = new ProgressiveScans(components);
    for (int at = scan; at + 3 < file.length; at++) {
      if (file[at] == (byte) 0xff && (file[at + 1] & 0xff) == SCAN) {
        scans.add(file, at + 4);
      }
    }
    for (boolean[] coefficients : scans.complete) {
      for (boolean coefficient : coefficients) {
        if (!coefficient) {
          return false;
        }
      }
    }
    return true;
  }

  /** Adds a scan, whose header begins behind its length. Compressed data has no such marker. */
  private void add(byte[] file, int at) {
    int count = at < file.length ? file[at] & 0xff : 0;
    int range = at + 1 + 2 * count;
    if (range + 2 >= file.length || (file[range + 2] & 0xf) != 0) { // brings a higher bit
      return;
    }
    int first = file[range] & 0xff;
    int last = Math.min(file[range + 1] & 0xff, COEFFICIENTS - 1);
    for (int i = 0; i < count; i++) {
      int component = components.indexOf(file[at + 1 + 2 * i] & 0xff);
      if (component >= 0 && first <= last) {
        Arrays.fill(complete[component], first, last + 1, true);
      }
    }
  }
}
