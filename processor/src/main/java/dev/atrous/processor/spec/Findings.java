package dev.atrous.processor.spec;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.List;
import java.util.stream.Stream;

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

  /** Reports about the one of some values that is {@link #blamed}. */
  void reportWritten(DiagnosticId id, List<String> paths, Object... arguments) {
    report(id, blamed(paths), arguments);
  }

  /**
   * Of values that do not fit together the first that is written out on the spec, or else the first
   * that it inherits, or else the first.
   */
  String blamed(List<String> paths) {
    return Stream.concat(
            paths.stream().filter(origins::isOnSpec), paths.stream().filter(origins::has))
        .findFirst()
        .orElse(paths.get(0));
  }

  /** Whether the value of a path is written out, on the spec or on what it extends. */
  boolean isWritten(String path) {
    return origins.has(path);
  }

  /** Whether the value of a path is written out on the spec itself. */
  boolean isOnSpec(String path) {
    return origins.isOnSpec(path);
  }

  /** A share of values that dropout sets to zero. */
  void checkDropout(String path, double share) {
    if (!(share >= 0 && share < 1)) {
      report(DiagnosticId.DROPOUT_RANGE, path, share);
    }
  }
}
