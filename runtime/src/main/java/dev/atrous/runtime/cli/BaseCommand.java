package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have in common: JSON, verbosity. */
abstract class BaseCommand implements Callable<Integer> {
  static final String VERBOSE = "--verbose";

  /** In the help, below the options of a command. */
  static final int LAST = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Option(
      names = "--json",
      order = LAST + 1,
      paramLabel = "FILE",
      description = "Write the results as JSON as well; - for standard output.")
  @Nullable String json;

  @Option(
      names = VERBOSE,
      order = LAST + 2,
      description = "Show TensorFlow's own messages, and the stack trace of an error.")
  boolean verbose;

  @Mixin HelpOption help = new HelpOption();

  /** Whether stack traces are wanted. */
  final boolean isVerbose() {
    return verbose;
  }

  @Override
  public final Integer call() {
    if (verbose) {
      System.setProperty(NativeLibrary.VERBOSE_PROPERTY, "true");
    }
    return run();
  }

  /**
   * Does the work.
   *
   * @return the exit code
   * @throws AtrousException if it fails
   */
  abstract int run();

  /** Where the results go as JSON. */
  final JsonOutput output() {
    return new JsonOutput(json, spec.commandLine().getOut());
  }

  /** For the text to read: standard output, unless that is for the JSON. */
  final PrintWriter console(JsonOutput output) {
    return output.isStandardOutput() ? err() : spec.commandLine().getOut();
  }

  /** Whether an option is on the command line. */
  final boolean isGiven(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** That the command line is wrong. */
  final ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** What follows from options alone; that it can't be is a wrong command line. */
  final <T> T valid(Supplier<T> options) {
    try {
      return options.get();
    } catch (AtrousException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
