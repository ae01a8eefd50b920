package dev.atrous.processor.diag;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects everything that is found about one spec, so that all of it is reported at once. */
public final class Diagnostics {
  private final List<Diagnostic> all = new ArrayList<>();
  private final Set<DiagnosticId> suppressed;

  /** Takes every finding. */
  public Diagnostics() {
    this(Set.of());
  }

  /**
   * Drops some of the findings.
   *
   * @param suppressed ids of warnings
   */
  public Diagnostics(Set<DiagnosticId> suppressed) {
    this.suppressed = Set.copyOf(suppressed);
  }

  /**
   * Adds a finding, once; {@code arguments} fill the placeholders of the catalogue's message.
   * Phases of a training that have a value in common find the same.
   */
  public void report(DiagnosticId id, @Nullable Origin origin, Object... arguments) {
    Diagnostic found = Diagnostic.of(id, origin, arguments);
    if (!suppressed.contains(id) && !all.contains(found)) {
      all.add(found);
    }
  }

  /** Whether anything was found that stops the compilation. */
  public boolean hasErrors() {
    return all.stream().anyMatch(diagnostic -> diagnostic.id().severity() == Severity.ERROR);
  }

  /** Everything found, in the order found. */
  public List<Diagnostic> all() {
    return List.copyOf(all);
  }
}
