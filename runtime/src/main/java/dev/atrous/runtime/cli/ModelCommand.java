package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.VocDataset;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands have in common: the choice of the model, JSON, verbosity. */
abstract class ModelCommand implements Callable<Integer> {
  static final String VERBOSE = "--verbose";
  private static final int LAST = 100; // in the help, below the options of a command

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  CommandSpec spec;

  @Option(
      names = "--model",
      order = LAST,
      paramLabel = "NAME",
      description = "Which model, in upper or lower case; to be left out if there is one.")
  @Nullable String modelName;

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

  @Option(
      names = {"-h", "--help"},
      order = LAST + 3,
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Models models;

  ModelCommand(Models models) {
    this.models = models;
  }

  /** Whether stack traces are wanted. */
  final boolean isVerbose() {
    return verbose;
  }

  @Override
  public final Integer call() {
    if (verbose) {
      System.setProperty(NativeLibrary.VERBOSE_PROPERTY, "true");
    }
    CompiledModel model = valid(() -> models.choose(modelName));
    JsonOutput output = new JsonOutput(json, spec.commandLine().getOut());
    return run(model, output);
  }

  /**
   * Does the work.
   *
   * @return the exit code
   * @throws AtrousException if it fails
   */
  abstract int run(CompiledModel model, JsonOutput output);

  /** For the text to read: standard output, unless that is for the JSON. */
  final PrintWriter console(JsonOutput output) {
    return output.isStandardOutput() ? err() : spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * Reads all of a data set before work on it begins, and says what a user may not expect of it.
   *
   * @param classNames of the model, or none
   * @return how often each label occurs
   * @throws AtrousException if a file can't be used
   */
  final LabelCounts validate(VocDataset dataset, List<String> classNames) {
    int images = (int) dataset.samples().stream().distinct().count();
    LabelCounts counts = dataset.validate(new ImageProgress(err(), "checked image", images));
    note(dataset.remarks());
    note(counts.remarks(classNames));
    return counts;
  }

  /** Says something that is no error. */
  final void note(List<String> remarks) {
    remarks.forEach(remark -> err().println("note: " + remark));
    err().flush();
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

  /** The option that chooses this model again, in front of others; empty if there is one. */
  final String modelOption(CompiledModel model) {
    return models.isOne() ? "" : " --model " + model.description().name();
  }

  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
