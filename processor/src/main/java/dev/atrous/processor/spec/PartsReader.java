package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Similar;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code @Training(parts)}: what is frozen, and what is trained at another rate. */
final class PartsReader {
  private static final String PARTS = TRAINING + ".parts";
  private static final String RATE = "learningRate";

  private final SpecReader reader;
  private final Findings findings;

  PartsReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  List<ModelSpec.Part> read() {
    List<ModelSpec.Part> parts = new ArrayList<>();
    for (Map<String, Object> written : reader.annotations(PARTS)) {
      String path = PARTS + "[" + parts.size() + "]";
      String name = String.valueOf(written.getOrDefault("value", "")); // or Java's own error
      boolean frozen = Boolean.TRUE.equals(written.get("frozen"));
      Object rate = written.get(RATE);
      if (rate instanceof Double factor) {
        checkRate(path, name, factor, frozen);
      }
      double factor = rate instanceof Double given ? given : 1;
      parts.add(new ModelSpec.Part(name, frozen ? 0 : factor));
    }
    return parts;
  }

  private void checkRate(String path, String name, double factor, boolean frozen) {
    if (!(factor > 0 && factor <= 1e3)) {
      String advice =
          factor == 0 ? "To keep it as it is, write 'frozen = true'." : "1 is that of the rest.";
      findings.report(DiagnosticId.PART_RATE_RANGE, path, factor, name, advice);
    } else if (frozen) {
      findings.report(
          DiagnosticId.TRAINING_WITHOUT_EFFECT, path, RATE, factor, name + " is frozen");
    }
  }

  /** Whether a checked spec has the parts, each is named once, and something is left to train. */
  void check(ModelSpec spec) {
    List<String> known = Parts.of(spec);
    List<ModelSpec.Part> parts = spec.training().optimization().parts();
    Set<String> named = new HashSet<>();
    for (int i = 0; i < parts.size(); i++) {
      String name = parts.get(i).name();
      String path = PARTS + "[" + i + "]";
      if (!known.contains(name)) {
        String similar =
            Similar.to(name, known).map(other -> " Did you mean " + other + "?").orElse("");
        findings.report(DiagnosticId.UNKNOWN_PART, path, name, similar, String.join(", ", known));
      } else if (!named.add(name)) {
        findings.report(DiagnosticId.PART_TWICE, path, name);
      }
    }
    boolean trained =
        known.stream()
            .filter(part -> !part.equals(Parts.BACKBONE))
            .anyMatch(part -> spec.training().rate(part) != 0);
    if (!trained) {
      findings.report(DiagnosticId.NOTHING_TRAINED, PARTS + "[0]");
    }
  }
}
