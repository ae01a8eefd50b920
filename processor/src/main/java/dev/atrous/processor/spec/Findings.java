package dev.atrous.processor.spec;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.List;

/** What the readers of the annotations find wrong, each with the place where it stands. */
final class Findings {
  private final Origins origins;
  private final Diagnostics diagnostics;

  Findings(Origins origins, Diagnostics diagnostics) {
    this.origins = origins;
    this.diagnostics = diagnostics;
  }

  void report(DiagnosticId id, String path, Object... arguments) {
    diagnostics.report(id, origins.of(path), arguments);
  }

  /** Reports about the first of some values that is written out, or else about the first. */
  void reportWritten(DiagnosticId id, List<String> paths, Object... arguments) {
    String blamed = paths.stream().filter(origins::has).findFirst().orElse(paths.get(0));
    report(id, blamed, arguments);
  }

  /** Whether the value of a path is written out. */
  boolean isWritten(String path) {
    return origins.has(path);
  }

  /** A share of values that dropout sets to zero. */
  void checkDropout(String path, double share) {
    if (!(share >= 0 && share < 1)) {
      report(DiagnosticId.DROPOUT_RANGE, path, share);
    }
  }
}
