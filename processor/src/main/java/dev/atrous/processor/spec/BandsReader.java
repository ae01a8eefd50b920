package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.Collections;
import java.util.List;

/** Reads the bands of {@code @SegmentationModel}: how many there are, their bits and scale. */
final class BandsReader {
  static final String BANDS = SEGMENTATION_MODEL + ".bands";
  private static final String BITS = SEGMENTATION_MODEL + ".bits";
  private static final String MEAN = SEGMENTATION_MODEL + ".bandMean";
  private static final String DEVIATION = SEGMENTATION_MODEL + ".bandDeviation";
  private static final int COLORS = 3;
  private static final int MOST = 16;

  private final SpecReader reader;
  private final Findings findings;

  BandsReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** How many there are, with a finding if it can't be. */
  int count() {
    int count = reader.integer(BANDS);
    if (!isPossible(count)) {
      findings.report(DiagnosticId.BANDS_RANGE, BANDS, count);
    }
    return count;
  }

  /** Bits of a value, with a finding if it can't be. */
  int bits() {
    int bits = reader.integer(BITS);
    if (!isPossibleBits(bits)) {
      findings.report(DiagnosticId.BAND_BITS, BITS, bits);
    }
    return bits;
  }

  /**
   * Their scale. Where none is written, it is that of the preprocessing for red, green and blue in
   * bytes, and measured for others.
   */
  ModelSpec.Bands read(int count, int bits, Conventions.Preprocessing preprocessing) {
    List<Double> mean = reader.reals(MEAN);
    List<Double> deviation = reader.reals(DEVIATION);
    boolean colors = count == COLORS && bits == Byte.SIZE;
    if (!isPossible(count)
        || !isPossibleBits(bits)
        || (colors && mean.isEmpty() && deviation.isEmpty())) {
      return scale(preprocessing);
    }
    if (!colors) {
      checkColors(count, bits);
    }
    boolean measured = mean.isEmpty() && deviation.isEmpty();
    if (!measured
        && checkCount(MEAN, mean, count, bits)
        && checkCount(DEVIATION, deviation, count, bits)) {
      int most = greatest(bits);
      checkEach(MEAN, mean, 0, most, "at least 0 and at most " + most);
      checkEach(DEVIATION, deviation, Double.MIN_VALUE, most, "greater than 0 and at most " + most);
    }
    return new ModelSpec.Bands(count, bits, mean, deviation);
  }

  private static boolean isPossible(int count) {
    return count >= 1 && count <= MOST;
  }

  private static boolean isPossibleBits(int bits) {
    return bits == Byte.SIZE || bits == Short.SIZE;
  }

  private static int greatest(int bits) {
    return (1 << bits) - 1;
  }

  private boolean checkCount(String path, List<Double> values, int bands, int bits) {
    if (values.size() != bands) {
      String blamed = findings.isWritten(path) ? path : BANDS;
      String member = path.substring(path.indexOf('.') + 1);
      findings.report(
          DiagnosticId.BAND_VALUES_COUNT, blamed, member, values.size(), bands, greatest(bits));
    }
    return values.size() == bands;
  }

  private void checkEach(
      String path, List<Double> values, double least, double most, String range) {
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      if (!(value >= least && value <= most)) {
        String member = path.substring(path.indexOf('.') + 1);
        findings.report(
            DiagnosticId.BAND_VALUE_RANGE, path + "[" + i + "]", member, value, i + 1, range);
      }
    }
  }

  /** Changes of colours are those of red, green and blue in bytes. */
  private void checkColors(int count, int bits) {
    String bands = count == 1 ? "1 band" : count + " bands";
    for (String member : List.of("brightness", "contrast", "saturation", "hue")) {
      String path = TRAINING + "." + member;
      double range = reader.real(path);
      if (range > 0) {
        findings.report(DiagnosticId.COLORS_OF_BANDS, path, member, range, bands, bits);
      }
    }
  }

  private static ModelSpec.Bands scale(Conventions.Preprocessing preprocessing) {
    List<Double> half = Collections.nCopies(COLORS, 127.5);
    return switch (preprocessing) {
      case MINUS_ONE_TO_ONE -> new ModelSpec.Bands(COLORS, Byte.SIZE, half, half);
      case MEAN ->
          new ModelSpec.Bands(
              COLORS, Byte.SIZE, List.of(123.15, 115.90, 103.06), Collections.nCopies(COLORS, 1.0));
      // (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225), for bytes
      case MEAN_AND_DEVIATION ->
          new ModelSpec.Bands(
              COLORS, Byte.SIZE, List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375));
    };
  }
}
