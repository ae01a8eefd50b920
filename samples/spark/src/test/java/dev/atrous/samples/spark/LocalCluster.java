package dev.atrous.samples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Spark of this machine with two executors, each a JVM with one core. It starts with the first
 * test that uses it and ends after all tests.
 */
final class LocalCluster implements BeforeAllCallback {
  /** Of the environment: set by the build. */
  private static final Path HOME = Path.of(System.getenv("SPARK_HOME"));

  static final SparkSession SPARK = start();

  @Override
  public void beforeAll(ExtensionContext context) {
    AutoCloseable end = SPARK::stop;
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .getOrComputeIfAbsent(LocalCluster.class, key -> end);
  }

  private static SparkSession start() {
    try {
      Files.createDirectories(
          HOME.resolve("jars")); // the launcher wants one; the class path is ours
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SparkSession spark =
        SparkSession.builder()
            .master("local-cluster[2,1,1024]")
            .appName("test")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.executor.memory", "1g")
            .config("spark.executor.cores", 1)
            .config("spark.executor.extraJavaOptions", System.getProperty("short.jvm"))
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .config("spark.hadoop.fs.remote.impl", RemoteFolders.class.getName())
            .getOrCreate();
    await(
        "both executors",
        () -> spark.sparkContext().statusTracker().getExecutorInfos().length == 3);
    return spark;
  }

  /** Waits until something is so. */
  static void await(String what, BooleanSupplier isThere) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!isThere.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("no " + what + " after two minutes");
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * The numbers of the executors that have loaded a model, as often as they have.
   *
   * @param atLeast how many to wait for: logs are written behind the work
   */
  static List<String> loads(int atLeast) {
    await(atLeast + " models in logs", () -> loads().size() >= atLeast);
    return loads();
  }

  private static List<String> loads() {
    Path logs = HOME.resolve("work").resolve(SPARK.sparkContext().applicationId());
    List<String> loads = new ArrayList<>();
    try (Stream<Path> executors = Files.list(logs)) {
      for (Path executor : executors.sorted().toList()) {
        try (Stream<String> lines = Files.lines(executor.resolve("stderr"))) {
          lines
              .filter(line -> line.contains("ExecutorModel: Loaded "))
              .forEach(line -> loads.add(String.valueOf(executor.getFileName())));
        }
      }
      return loads;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
