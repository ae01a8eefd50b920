package dev.atrous.runtime.doctor;

import java.util.List;
import java.util.Optional;

/**
 * Something that was looked for on this machine.
 *
 * @param area what it belongs to, for example {@code GPU}
 * @param name what it is, for example {@code driver}
 * @param value what was found, or why nothing was
 * @param advice what to do if it is missing or wrong, in sentences; else empty
 */
public record Finding(String area, String name, State state, String value, String advice) {
  private static final String MARK = "finding";

  /** How it stands. */
  public enum State {
    /** It is there. */
    OK,
    /** It is not there, and a training can start without it. */
    MISSING,
    /** It prevents a training from starting. */
    PROBLEM
  }

  static Finding ok(String area, String name, String value) {
    return new Finding(area, name, State.OK, value, "");
  }

  static Finding missing(String area, String name, String value, String advice) {
    return new Finding(area, name, State.MISSING, value, advice);
  }

  static Finding problem(String area, String name, String value, String advice) {
    return new Finding(area, name, State.PROBLEM, value, advice);
  }

  /** One line of text that {@link #decode} understands. */
  String encode() {
    return String.join(
        "\t",
        List.of(MARK, escape(area), escape(name), state.name(), escape(value), escape(advice)));
  }

  /** The finding of a line; empty for a line that {@link #encode} did not write. */
  static Optional<Finding> decode(String line) {
    String[] parts = line.split("\t", -1);
    return parts.length == 6 && parts[0].equals(MARK)
        ? Optional.of(
            new Finding(
                parts[1].translateEscapes(),
                parts[2].translateEscapes(),
                State.valueOf(parts[3]),
                parts[4].translateEscapes(),
                parts[5].translateEscapes()))
        : Optional.empty();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}
