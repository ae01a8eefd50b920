package dev.atrous.runtime.data;

import java.awt.image.IndexColorModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whether the palettes of masks agree. A label is an index, whatever its colour; but if an index
 * has one colour here and another there, a program that saved the masks has numbered them anew, and
 * a class is not the same number in all of them. May be used by several threads.
 */
final class PaletteColors {
  private record Use(int color, Path mask) {}

  private final TreeMap<Integer, Use> uses = new TreeMap<>(); // by label
  private Optional<String> conflict = Optional.empty();

  /**
   * Notes the colours of the labels that a mask has.
   *
   * @param used which of the labels 0..255 it has
   */
  synchronized void add(Path mask, IndexColorModel palette, boolean[] used) {
    for (int label = 0; label < palette.getMapSize(); label++) {
      int color = palette.getRGB(label) & 0xffffff;
      if (used[label] && !isGrey(color)) { // grey ones are values, which go with their bits
        Use use = new Use(color, mask);
        Use other = uses.putIfAbsent(label, use);
        if (other != null && other.color() != color && conflict.isEmpty()) {
          conflict = Optional.of(text(label, other, use));
        }
      }
    }
  }

  private static boolean isGrey(int color) {
    return color % 0x010101 == 0;
  }

  private static String text(int label, Use first, Use second) {
    return "The palettes of the masks differ: label %d is #%06x in %s and #%06x in %s. Labels are indices of palettes, so the same class may have different numbers; save the masks with one palette, or as grey class numbers."
        .formatted(label, first.color(), first.mask(), second.color(), second.mask());
  }

  /** The first difference that was seen, in whole sentences. */
  synchronized List<String> remarks() {
    return conflict.stream().toList();
  }
}
