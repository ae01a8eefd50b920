package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Splits of images that nothing tells apart: {@code train} and {@code val}. Images are put into the
 * order of the SHA-256 of their names; the first ones are {@code val}. So every run, machine and
 * file system has the same, and another image moves at most one of the others.
 */
final class Shares {
  /** Their names. */
  static final List<String> SPLITS = List.of("train", "val");

  /** The share of {@code val} where nothing else is said. */
  static final double DEFAULT = 0.2;

  private Shares() {}

  static boolean knows(String split) {
    return SPLITS.contains(split);
  }

  /**
   * A split of samples, in their order.
   *
   * @param split one of {@link #SPLITS}
   * @param valShare 0..1; each split has at least one image
   */
  static Layout.Masks of(Layout.Masks all, String split, double valShare) {
    List<Sample> samples = all.all();
    int val =
        (int) Math.max(1, Math.min(Math.round(valShare * samples.size()), samples.size() - 1));
    if (samples.size() < 2) {
      throw new AtrousException(
          "%s has one image, which can't be for training and for validation."
              .formatted(all.source()));
    }
    List<Sample> shuffled = new ArrayList<>(samples);
    shuffled.sort(Comparator.comparing(sample -> digest(sample.id())));
    List<Sample> part =
        split.equals("val") ? shuffled.subList(0, val) : shuffled.subList(val, shuffled.size());
    List<String> remarks = new ArrayList<>(all.notes());
    remarks.add(
        String.format(
            Locale.ROOT,
            "Nothing tells training and validation apart in %s: by their names, %d of %d images are for validation (--val-share %s).",
            all.source(),
            val,
            samples.size(),
            valShare));
    List<Sample> ordered = new ArrayList<>(part);
    ordered.sort(Comparator.comparing(Sample::id));
    return new Layout.Masks(ordered, all.source(), remarks, all.rules());
  }

  private static String digest(String name) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
