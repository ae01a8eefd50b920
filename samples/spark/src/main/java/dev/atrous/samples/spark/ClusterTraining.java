package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.collection.Iterator;
import scala.reflect.ClassTag;

/**
 * A training on a cluster in barrier mode: all workers start together; when one fails, all end, and
 * start again from the last checkpoint.
 */
final class ClusterTraining {
  private static final Logger log = LoggerFactory.getLogger(ClusterTraining.class);

  /** What Spark tells of a task that failed. */
  private static final Pattern FAILURE =
      Pattern.compile(
          Pattern.quote(AtrousException.class.getName()) + ": (.*?)(\\R\\s+at |$)", Pattern.DOTALL);

  private ClusterTraining() {}

  /**
   * Trains. Spark itself does not try a barrier stage again, so this does.
   *
   * @param workers how many; the cluster must be able to run as many tasks at once
   * @param restarts how often all may start again
   * @throws AtrousException if a worker fails after that; the message has the worker's
   */
  static void run(SparkSession spark, BarrierWorker worker, int workers, int restarts) {
    for (int restart = 1; ; restart++) {
      try {
        run(spark, worker, workers);
        return;
      } catch (Exception e) { // Spark's are checked ones that it does not declare
        String failure = failure(e);
        if (failure.startsWith(BarrierWorker.MISUSE)) {
          throw new AtrousException(failure, e);
        }
        if (restart > restarts) {
          throw new AtrousException(
              "The training failed, after %d restarts: %s".formatted(restart - 1, failure), e);
        }
        log.warn("{} All workers start again (restart {} of {}).", failure, restart, restarts);
      }
    }
  }

  private static void run(SparkSession spark, BarrierWorker worker, int workers) {
    List<Integer> ranks = IntStream.range(0, workers).boxed().toList();
    ClassTag<Integer> type = ClassTag.apply(Integer.class);
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(ranks, workers)
        .rdd()
        .barrier()
        .mapPartitions(
            (Function1<Iterator<Integer>, Iterator<Integer>> & Serializable)
                rank -> {
                  worker.run();
                  return rank;
                },
            false,
            type)
        .count();
  }

  /** The message of the worker that failed first, as far as Spark hands it on. */
  private static String failure(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AtrousException) {
        return String.valueOf(cause.getMessage());
      }
    }
    String told = String.valueOf(e.getMessage());
    Matcher failure = FAILURE.matcher(told);
    return failure.find() ? failure.group(1) : told;
  }
}
