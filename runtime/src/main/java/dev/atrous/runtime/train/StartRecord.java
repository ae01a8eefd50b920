package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.tensorflow.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all workers of a training must have alike, compared before the first step: workers that
 * train different models, on different data or with different options, would come to numbers that
 * are nobody's.
 *
 * <p>Workers exchange sums of float32 tensors. So each value is hashed to numbers that float32
 * holds exactly; a worker puts its own into its row of a table of zeros, and the sum of the tables
 * is what all have.
 */
final class StartRecord {
  /** Columns of a row; the same in every version, so that versions can be compared. */
  static final int COLUMNS = 64;

  private static final int COLUMNS_OF_A_VALUE = 2;
  private static final int BITS = 24;
  private static final String VERSION = "version of Atrous";

  private final Map<String, String> values;

  /**
   * @param values by what they are for the user; the first one is the version
   */
  private StartRecord(Map<String, String> values) {
    this.values = values;
    if (values.size() * COLUMNS_OF_A_VALUE > COLUMNS) {
      throw new IllegalStateException(values.size() + " values need more columns");
    }
  }

  /**
   * Of a worker.
   *
   * @param version of Atrous
   * @param run what it is about to train
   * @param model that the training step was compiled with
   * @param device {@link Device#CPU} or {@link Device#GPU}
   * @param xla whether XLA compiles the step
   * @param wire the numbers of gradients that are sent
   * @param start the checkpoint that the values come from, its prefix; null for initial values
   * @throws AtrousException if the checkpoint can't be read
   */
  static StartRecord of(
      String version,
      RunRecord run,
      ModelDescription model,
      Device device,
      boolean xla,
      Wire wire,
      @Nullable Path start) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(VERSION, version);
    values.put("compiled model", model.toString());
    values.put("--batch-size", String.valueOf(run.batchSize()));
    values.put("--accumulate", String.valueOf(run.accumulate()));
    values.put("--crop", String.valueOf(run.crop()));
    values.put("--steps", String.valueOf(run.steps()));
    values.put("--learning-rate", String.valueOf(run.learningRate()));
    values.put("--schedule", run.schedule() + " " + run.power());
    values.put("--warmup-steps", String.valueOf(run.warmupSteps()));
    values.put("--seed", String.valueOf(run.seed()));
    values.put("--class-weights", run.classWeights().toString());
    values.put("--precision", run.precision().toString());
    values.put("--device", device.toString());
    values.put("--xla", String.valueOf(xla));
    values.put("--wire", wire.toString());
    values.put("validation", String.valueOf(run.validation()));
    values.put("--skip-classifier", String.valueOf(run.skipClassifier()));
    values.put("checkpoint to start from", start == null ? "none" : index(start));
    RunRecord.Data data = run.data();
    if (data != null) { // last, so that nothing else moves
      values.put("--split", data.split());
      values.put("--format", data.format());
      values.put("--labels", data.labels().toString());
      values.put("--val-share", String.valueOf(data.valShare()));
      values.put("--skip-bad-images", String.valueOf(data.skipBadImages()));
      values.put("number of images in --data", String.valueOf(data.samples()));
      values.put("list of images in --data", data.checksum());
    }
    return new StartRecord(values);
  }

  /** The index of a checkpoint has the names, shapes and checksums of all its values. */
  private static String index(Path prefix) {
    Path file = prefix.resolveSibling(prefix.getFileName() + ".index");
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AtrousException("The checkpoint " + file + " can't be read: " + e, e);
    }
  }

  /** The row of this worker: {@link #COLUMNS} whole numbers, less than 2^24. */
  float[] row() {
    float[] row = new float[COLUMNS];
    int column = 0;
    for (String value : values.values()) {
      long hash = hash(value);
      for (int i = 0; i < COLUMNS_OF_A_VALUE; i++) {
        row[column++] = hash >>> (i * BITS) & ((1 << BITS) - 1);
      }
    }
    return row;
  }

  private static long hash(String value) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Checks that all workers have what worker 0 has.
   *
   * @param rows the rows of all workers in the order of their ranks, one behind the other; their
   *     {@link #row}
   * @throws AtrousException that names the workers that differ, and in what
   */
  void requireAlike(float[] rows) {
    List<String> differences = new ArrayList<>();
    for (int worker = 1; worker < rows.length / COLUMNS; worker++) {
      List<String> others = differences(rows, worker);
      if (!others.isEmpty()) {
        differences.add(
            "worker %d has another %s than worker 0".formatted(worker, String.join(", ", others)));
      }
    }
    if (!differences.isEmpty()) {
      throw new AtrousException(
          "The workers can't train together: %s. Start all of them with the same program, data and options."
              .formatted(String.join("; ", differences)));
    }
  }

  private List<String> differences(float[] rows, int worker) {
    List<String> differences = new ArrayList<>();
    int column = 0;
    for (String what : values.keySet()) {
      boolean differs = false;
      for (int i = 0; i < COLUMNS_OF_A_VALUE; i++) {
        differs |= rows[worker * COLUMNS + column] != rows[column];
        column++;
      }
      if (differs) {
        differences.add(what);
        if (what.equals(VERSION)) {
          return differences; // its other values may stand elsewhere
        }
      }
    }
    return differences;
  }
}
