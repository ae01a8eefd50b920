package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.ASPP;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads {@code @ASPP}. */
final class PyramidReader {
  private static final String RATES = ASPP + ".rates";
  private static final String FILTERS = ASPP + ".filters";
  private static final String IMAGE_POOLING = ASPP + ".imagePooling";
  private static final String DROPOUT = ASPP + ".dropout";

  /** Of a branch or a unit. More than any map is wide, and far from the limits of arithmetic. */
  private static final int LARGEST_RATE = 1024;

  private final SpecReader reader;
  private final Findings findings;

  PyramidReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** Empty without the annotation. */
  Optional<ModelSpec.Pyramid> read() {
    if (!reader.has(ASPP)) {
      return Optional.empty();
    }
    int filters = reader.integer(FILTERS);
    if (filters < 1 || filters > 4096) {
      findings.report(DiagnosticId.FILTERS_RANGE, FILTERS, filters);
    }
    double dropout = reader.real(DROPOUT);
    findings.checkDropout(DROPOUT, dropout);
    ModelSpec.Pyramid.Form form = reader.constant(ASPP + ".form", ModelSpec.Pyramid.Form.class);
    return Optional.of(new ModelSpec.Pyramid(form, rates(), imagePooling(form), filters, dropout));
  }

  /** DeepLabv2's form has none: there the default means that, and asking for it is a mistake. */
  private boolean imagePooling(ModelSpec.Pyramid.Form form) {
    boolean wanted = reader.bool(IMAGE_POOLING);
    if (form == ModelSpec.Pyramid.Form.DEEPLAB_V3) {
      return wanted;
    }
    if (wanted && findings.isWritten(IMAGE_POOLING)) {
      findings.report(DiagnosticId.IMAGE_POOLING_IMPOSSIBLE, IMAGE_POOLING);
    }
    return false;
  }

  private List<Integer> rates() {
    List<Integer> rates = reader.integers(RATES);
    if (rates.isEmpty()) {
      findings.report(DiagnosticId.RATES_EMPTY, RATES);
    }
    for (int i = 0; i < rates.size(); i++) {
      String path = RATES + "[" + i + "]";
      if (!isRate(rates.get(i))) {
        findings.report(DiagnosticId.RATE_RANGE, path, rates.get(i));
      } else if (i > 0 && rates.get(i) <= rates.get(i - 1)) {
        findings.report(
            DiagnosticId.RATES_NOT_ASCENDING, path, rates.get(i), rates.get(i - 1), sorted(rates));
      }
    }
    return rates;
  }

  /** The rates that are possible, in their order. */
  private static String sorted(List<Integer> rates) {
    return rates.stream()
        .filter(PyramidReader::isRate)
        .distinct()
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** Whether a branch or a unit can have it. */
  static boolean isRate(int rate) {
    return rate >= 1 && rate <= LARGEST_RATE;
  }
}
