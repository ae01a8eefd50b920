package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A program for {@code spark-submit}. */
abstract class SparkProgram implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  /** Begins the work on the cluster. */
  static SparkSession start(String name) {
    return SparkSession.builder().appName(name).getOrCreate();
  }

  /** Standard output. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Runs this program, and Spark to its end. */
  final void run(String[] args) {
    int code = commandLine().execute(args);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    if (code != 0) { // System.exit(0) would be a failure to YARN
      System.exit(code);
    }
  }

  /** The command line of this program. */
  final CommandLine commandLine() {
    return new CommandLine(this)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setStopAtPositional(true)
        .setExecutionExceptionHandler((e, command, result) -> failed(e, command));
  }

  /** One message for what has one; what is unforeseen, with its stack trace. */
  private static int failed(Exception e, CommandLine command) throws Exception {
    Throwable mistake = e;
    while (!(mistake instanceof AtrousException || mistake instanceof AnalysisException)) {
      mistake = mistake.getCause();
      if (mistake == null) {
        throw e;
      }
    }
    command.getErr().println("error: " + mistake.getMessage());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
