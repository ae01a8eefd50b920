package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.ASPP;
import static dev.atrous.processor.spec.Annotations.AUXILIARY_HEAD;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads and checks what follows the backbone: {@code @ASPP} and {@code @AuxiliaryHead}. */
final class HeadsReader {
  private final SpecReader reader;
  private final Origins origins;
  private final Diagnostics diagnostics;

  HeadsReader(SpecReader reader, Diagnostics diagnostics) {
    this.reader = reader;
    this.origins = reader.origins();
    this.diagnostics = diagnostics;
  }

  /** Empty without the annotation. */
  Optional<ModelSpec.Pyramid> pyramid() {
    if (!reader.has(ASPP)) {
      return Optional.empty();
    }
    List<Integer> rates = reader.integers(ASPP + ".rates");
    checkRates(rates);
    int filters = reader.integer(ASPP + ".filters");
    if (filters < 1 || filters > 4096) {
      report(DiagnosticId.FILTERS_RANGE, ASPP + ".filters", filters);
    }
    double dropout = reader.real(ASPP + ".dropout");
    checkDropout(ASPP + ".dropout", dropout);
    ModelSpec.Pyramid.Form form = reader.constant(ASPP + ".form", ModelSpec.Pyramid.Form.class);
    return Optional.of(new ModelSpec.Pyramid(form, rates, imagePooling(form), filters, dropout));
  }

  private void checkRates(List<Integer> rates) {
    if (rates.isEmpty()) {
      report(DiagnosticId.RATES_EMPTY, ASPP + ".rates");
    }
    for (int i = 0; i < rates.size(); i++) {
      String path = ASPP + ".rates[" + i + "]";
      if (!SpecStage.isRate(rates.get(i))) {
        report(DiagnosticId.RATE_RANGE, path, rates.get(i));
      } else if (i > 0 && rates.get(i) <= rates.get(i - 1)) {
        report(
            DiagnosticId.RATES_NOT_ASCENDING, path, rates.get(i), rates.get(i - 1), sorted(rates));
      }
    }
  }

  /** The rates that are possible, in their order. */
  private static String sorted(List<Integer> rates) {
    return rates.stream()
        .filter(SpecStage::isRate)
        .distinct()
        .sorted()
        .map(String::valueOf)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** DeepLabv2's form has none: there the default means that, and asking for it is a mistake. */
  private boolean imagePooling(ModelSpec.Pyramid.Form form) {
    String path = ASPP + ".imagePooling";
    boolean wanted = reader.bool(path);
    if (form == ModelSpec.Pyramid.Form.DEEPLAB_V3) {
      return wanted;
    }
    if (wanted && origins.has(path)) {
      report(DiagnosticId.IMAGE_POOLING_IMPOSSIBLE, path);
    }
    return false;
  }

  /** Empty without the annotation. */
  Optional<ModelSpec.Auxiliary> auxiliary() {
    if (!reader.has(AUXILIARY_HEAD)) {
      return Optional.empty();
    }
    double lossWeight = reader.real(AUXILIARY_HEAD + ".lossWeight");
    double dropout = reader.real(AUXILIARY_HEAD + ".dropout");
    if (!(lossWeight > 0 && lossWeight <= 1e3)) {
      report(DiagnosticId.LOSS_WEIGHT_RANGE, AUXILIARY_HEAD + ".lossWeight", lossWeight);
    }
    checkDropout(AUXILIARY_HEAD + ".dropout", dropout);
    return Optional.of(new ModelSpec.Auxiliary(lossWeight, dropout));
  }

  private void checkDropout(String path, double dropout) {
    if (!(dropout >= 0 && dropout < 1)) {
      report(DiagnosticId.DROPOUT_RANGE, path, dropout);
    }
  }

  private void report(DiagnosticId id, String path, Object... arguments) {
    diagnostics.report(id, origins.of(path), arguments);
  }
}
