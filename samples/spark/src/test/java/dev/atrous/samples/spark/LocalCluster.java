package dev.atrous.samples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A Spark of this machine with two executors, each a JVM with one core. */
final class LocalCluster {
  /** Of the environment: set by the build. */
  private static final Path HOME = Path.of(System.getenv("SPARK_HOME"));

  static final SparkSession SPARK = start();

  private LocalCluster() {}

  private static SparkSession start() {
    try {
      Files.createDirectories(
          HOME.resolve("jars")); // the launcher wants one; the class path is ours
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return SparkSession.builder()
        .master("local-cluster[2,1,1024]")
        .appName("test")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.executor.memory", "1g")
        .config("spark.executor.cores", 1)
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        .config("spark.scheduler.minRegisteredResourcesRatio", 1) // wait for both
        .config("spark.hadoop.fs.remote.impl", RemoteFolders.class.getName())
        .getOrCreate();
  }

  /** How many models each executor has loaded, by its number. */
  static Map<String, Long> loads() {
    Path logs = HOME.resolve("work").resolve(SPARK.sparkContext().applicationId());
    Map<String, Long> loads = new TreeMap<>();
    try (Stream<Path> executors = Files.list(logs)) {
      for (Path executor : executors.toList()) {
        try (Stream<String> lines = Files.lines(executor.resolve("stderr"))) {
          loads.put(
              String.valueOf(executor.getFileName()),
              lines.filter(line -> line.contains("ExecutorModel: Loaded ")).count());
        }
      }
      return loads;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
