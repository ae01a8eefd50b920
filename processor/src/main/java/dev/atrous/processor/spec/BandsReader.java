package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.Collections;
import java.util.List;

/** Reads the bands of {@code @SegmentationModel}: how many there are, and their scale. */
final class BandsReader {
  static final String BANDS = SEGMENTATION_MODEL + ".bands";
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

  /** Their scale, which is that of the preprocessing where none is written. */
  ModelSpec.Bands read(int count, Conventions.Preprocessing preprocessing) {
    List<Double> mean = reader.reals(MEAN);
    List<Double> deviation = reader.reals(DEVIATION);
    if (!isPossible(count) || (count == COLORS && mean.isEmpty() && deviation.isEmpty())) {
      return scale(preprocessing);
    }
    if (count != COLORS) {
      checkColors(count);
    }
    boolean meansGood = checkCount(MEAN, mean, count);
    boolean neither = mean.isEmpty() && deviation.isEmpty(); // said once
    if (!neither && checkCount(DEVIATION, deviation, count) && meansGood) {
      checkEach(MEAN, mean, 0, "at least 0 and at most 255");
      checkEach(DEVIATION, deviation, Double.MIN_VALUE, "greater than 0 and at most 255");
    }
    return new ModelSpec.Bands(mean, deviation);
  }

  private static boolean isPossible(int count) {
    return count >= 1 && count <= MOST;
  }

  private boolean checkCount(String path, List<Double> values, int bands) {
    if (values.size() != bands) {
      String blamed = findings.isWritten(path) ? path : BANDS;
      String member = path.substring(path.indexOf('.') + 1);
      findings.report(DiagnosticId.BAND_VALUES_COUNT, blamed, member, values.size(), bands);
    }
    return values.size() == bands;
  }

  private void checkEach(String path, List<Double> values, double least, String range) {
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      if (!(value >= least && value <= 255)) {
        String member = path.substring(path.indexOf('.') + 1);
        findings.report(
            DiagnosticId.BAND_VALUE_RANGE, path + "[" + i + "]", member, value, i + 1, range);
      }
    }
  }

  /** Changes of colours are those of red, green and blue. */
  private void checkColors(int count) {
    for (String member : List.of("brightness", "contrast", "saturation", "hue")) {
      String path = TRAINING + "." + member;
      double range = reader.real(path);
      if (range > 0) {
        findings.report(DiagnosticId.COLORS_OF_BANDS, path, member, range, count);
      }
    }
  }

  private static ModelSpec.Bands scale(Conventions.Preprocessing preprocessing) {
    List<Double> half = Collections.nCopies(COLORS, 127.5);
    return switch (preprocessing) {
      case MINUS_ONE_TO_ONE -> new ModelSpec.Bands(half, half);
      case MEAN ->
          new ModelSpec.Bands(List.of(123.15, 115.90, 103.06), Collections.nCopies(COLORS, 1.0));
      // (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225), for bytes
      case MEAN_AND_DEVIATION ->
          new ModelSpec.Bands(List.of(123.675, 116.28, 103.53), List.of(58.395, 57.12, 57.375));
    };
  }
}
