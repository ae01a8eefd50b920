package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains a model with workers on a Spark cluster. For {@code spark-submit}; {@code --help} lists
 * the options.
 */
@Command(
    name = "SparkTrain",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Train a model with several workers on a Spark cluster, all of which start together.",
      "When one fails, all end, and start again from the last checkpoint."
    })
public final class SparkTrain extends SparkProgram {
  @Option(
      names = "--workers",
      paramLabel = "N",
      required = true,
      description = "How many; the cluster must be able to run as many tasks at once.")
  int workers;

  @Option(
      names = "--restarts",
      paramLabel = "K",
      description = "How often all may start again; default: 3.")
  int restarts = 3;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Output directory of the training: a folder that all workers see.")
  String output = "";

  @Option(
      names = "--program",
      paramLabel = "CLASS",
      description = "The program with the models' command line; default: the samples'.")
  String program = "dev.atrous.samples.Main";

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      description =
          "Java heap of a worker, for example 4g; default: Java's, a quarter of the machine's memory.")
  @Nullable String heap;

  @Parameters(
      paramLabel = "OPTIONS",
      description =
          "Options of the program's train, behind --, for example -- --data /shared/VOC2012.")
  List<String> options = List.of();

  /** The program. */
  public static void main(String[] args) {
    new SparkTrain().run(args);
  }

  @Override
  public Integer call() {
    if (workers < 1 || restarts < 0) {
      throw new AtrousException("--workers must be at least 1, and --restarts at least 0.");
    }
    List<String> arguments = new ArrayList<>(List.of("train", "--output", output));
    arguments.addAll(options);
    SparkSession spark = start("atrous-train");
    List<String> javaOptions = heap == null ? List.of() : List.of("-Xmx" + heap);
    BarrierWorker worker = new BarrierWorker(program, arguments, output, javaOptions);
    ClusterTraining.run(spark, worker, workers, restarts);
    out().println("Trained by " + workers + " workers: " + output);
    return 0;
  }
}
