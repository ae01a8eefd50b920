package dev.atrous.runtime.train;

import dev.atrous.runtime.tensorflow.Xla;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which program XLA compiled the step to. It is looked for once, after the first step. */
final class XlaReport {
  private static final Logger log = LoggerFactory.getLogger(XlaReport.class);

  private final @Nullable Xla xla;
  private final @Nullable String function;
  private boolean reported;
  private Optional<Xla.Program> program = Optional.empty();

  /**
   * @param xla null without XLA
   * @param function that XLA compiles; null without XLA
   */
  XlaReport(@Nullable Xla xla, @Nullable String function) {
    this.xla = xla;
    this.function = function;
  }

  /** Whether XLA is still to compile the step. */
  boolean isPending() {
    return xla != null && !reported;
  }

  /**
   * Tells of the program after the first step; afterwards does nothing.
   *
   * @param seconds that the step took: it was compiled in them
   */
  void stepDone(double seconds) {
    if (xla == null || function == null || reported) {
      return;
    }
    reported = true;
    program = xla.program(function);
    program.ifPresentOrElse(
        module ->
            log.info(
                "XLA compiled the step in {} s: module {}, {} instructions, {} fusions, {} variables"
                    + " updated in place, {} transfers to or from the host",
                "%.1f".formatted(seconds),
                module.name(),
                module.instructions(),
                module.fusions(),
                module.donated(),
                module.hostTransfers()),
        () -> log.info("XLA runs the step; its module was not dumped"));
  }

  /** As {@link Trainer#xlaProgram}. */
  Optional<Xla.Program> program() {
    return program;
  }
}
