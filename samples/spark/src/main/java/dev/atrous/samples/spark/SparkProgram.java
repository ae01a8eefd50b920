package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import java.util.concurrent.Callable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;

/** What the programs for {@code spark-submit} have in common. */
final class SparkProgram {
  private SparkProgram() {}

  /** Runs a program, and Spark to its end. */
  static void main(Callable<Integer> program, String[] args) {
    int code = commandLine(program).execute(args);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    if (code != 0) { // System.exit(0) would be a failure to YARN
      System.exit(code);
    }
  }

  /** The command line of a program. */
  static CommandLine commandLine(Callable<Integer> program) {
    return new CommandLine(program)
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
