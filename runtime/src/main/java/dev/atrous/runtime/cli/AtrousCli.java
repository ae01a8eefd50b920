package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.model.CompiledModel;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of a program that has compiled models: {@code describe}, {@code train}, {@code
 * evaluate}, {@code predict}, {@code import} and {@code bench}, the same for every model, and
 * {@code doctor}, which needs none.
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *   AtrousCli.run(args, new DeepLabV3Model());
 * }
 * }</pre>
 *
 * <p>With several models the option {@code --model} says which. The exit code is {@link #OK},
 * {@link #FAILED}, {@link #USAGE} or {@link #STOPPED}. What went wrong stands in one message on
 * standard error, that begins with {@code error: }; {@code --verbose} adds the stack trace.
 */
public final class AtrousCli {
  /** Exit code: everything asked for was done. */
  public static final int OK = 0;

  /** Exit code: the work failed, for example because of the data, the weights or the disk. */
  public static final int FAILED = 1;

  /** Exit code: the command line is wrong; no work was begun. */
  public static final int USAGE = 2;

  /** Exit code: a training was stopped by Ctrl-C, after it wrote a checkpoint to resume from. */
  public static final int STOPPED = 130;

  private AtrousCli() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args of the main method
   * @param models what the annotation processor compiled; at least one
   */
  public static void run(String[] args, CompiledModel... models) {
    setDefault("java.awt.headless", "true"); // pictures are drawn, but none is shown
    setDefault("slf4j.internal.verbosity", "ERROR"); // a program without a log is no mistake
    System.exit(execute(args, writer(System.out), writer(System.err), models));
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, Charset.defaultCharset()), true);
  }

  /**
   * Runs the command in this JVM. An interrupt of the thread stops a training as Ctrl-C does.
   *
   * @param args the command and its options
   * @param out for results
   * @param err for errors; the progress of a training goes to {@code System.err}
   * @param models at least one, with different names
   * @return the exit code
   * @throws IllegalArgumentException for no model, or two of one name
   */
  public static int execute(
      String[] args, PrintWriter out, PrintWriter err, CompiledModel... models) {
    try (StopSignal stop = new StopSignal()) {
      CommandLine line = commandLine(new Models(models), stop).setOut(out).setErr(err);
      try {
        return line.execute(args);
      } catch (Error e) { // picocli hands over exceptions, but not errors
        return unexpected(err, e, List.of(args).contains(BaseCommand.VERBOSE));
      } finally {
        out.flush();
        err.flush();
      }
    }
  }

  static CommandLine commandLine(Models models, StopSignal stop) {
    CommandLine line =
        new CommandLine(new Root())
            .addSubcommand(new DescribeCommand(models))
            .addSubcommand(withTransformer(new TrainCommand(models, stop)))
            .addSubcommand(new EvaluateCommand(models))
            .addSubcommand(new PredictCommand(models))
            .addSubcommand(new ImportCommand(models))
            .addSubcommand(withTransformer(new BenchCommand(models)))
            .addSubcommand(new DoctorCommand())
            .addSubcommand(
                new CommandLine(new DatasetCommand()).addSubcommand(new CheckCommand(models)))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .registerConverter(Path.class, AtrousCli::path)
            .setParameterExceptionHandler((e, args) -> misused(e))
            .setExecutionExceptionHandler((e, command, result) -> failed(e, command));
    line.getCommandSpec().usageMessage().footer("", "Models: " + models.names());
    return line;
  }

  /** Without a command line of its own, a command's transformer is not applied. */
  private static CommandLine withTransformer(ModelCommand command) {
    return new CommandLine(command);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(FileNames.problem(e));
    }
  }

  private static int misused(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return USAGE;
  }

  private static int failed(Exception e, CommandLine command) {
    boolean verbose = command.getCommand() instanceof BaseCommand c && c.isVerbose();
    PrintWriter err = command.getErr();
    if (!(e instanceof AtrousException || e instanceof Interruption)) {
      return unexpected(err, e, verbose);
    }
    return report(err, "error: " + e.getMessage(), e, verbose);
  }

  private static int unexpected(PrintWriter err, Throwable e, boolean verbose) {
    String message =
        e instanceof OutOfMemoryError
            ? "the Java heap is full (" + e.getMessage() + "). Give it more, for example -Xmx4g."
            : "unexpected " + e + ". Please report this; run with --verbose for the stack trace.";
    return report(err, "error: " + message, e, verbose);
  }

  private static int report(PrintWriter err, String message, Throwable e, boolean verbose) {
    err.println(message);
    if (verbose) {
      e.printStackTrace(err);
    }
    return FAILED;
  }

  /** What the program does without a command: show which there are. */
  @Command(
      name = "atrous",
      synopsisSubcommandLabel = "COMMAND",
      description = "Semantic segmentation with compiled models.")
  static final class Root implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help; COMMAND --help shows a command's.")
    boolean help;

    @Override
    public Integer call() {
      if (spec != null) {
        spec.commandLine().usage(spec.commandLine().getErr());
      }
      return USAGE;
    }
  }
}
