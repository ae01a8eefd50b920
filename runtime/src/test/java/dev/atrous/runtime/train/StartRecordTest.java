package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.tensorflow.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartRecordTest {
  private static RunRecord run(
      UnaryOperator<TrainingOptions.Builder> options, RunRecord.@Nullable Data data) {
    ModelDescription model = new TinyModel().description();
    RunRecord run =
        RunRecord.of(
            model,
            options.apply(TrainingOptions.of(model).device(Device.CPU).steps(100)).build(),
            null,
            null);
    return new RunRecord(
        run.model(),
        data,
        run.steps(),
        run.batchSize(),
        run.accumulate(),
        run.workers(),
        run.crop(),
        run.learningRate(),
        run.schedule(),
        run.power(),
        run.warmupSteps(),
        run.seed(),
        run.precision(),
        run.weights(),
        run.skipClassifier(),
        run.classWeights(),
        run.validation(),
        run.compiled());
  }

  private static RunRecord.Data data(String directory, int samples, String checksum) {
    return new RunRecord.Data(
        Path.of(directory), "train", samples, checksum, "voc", List.of("0 = 0"), 0.2, false);
  }

  private static StartRecord record(String version, RunRecord run, @Nullable Path start) {
    return StartRecord.of(
        version, run, new TinyModel().description(), Device.CPU, false, Wire.FLOAT32, start);
  }

  private static StartRecord record(UnaryOperator<TrainingOptions.Builder> options) {
    return record("1", run(options, data("/a", 5, "abc")), null);
  }

  /** As the sum over the workers has them. */
  private static float[] rows(StartRecord... workers) {
    float[] rows = new float[workers.length * StartRecord.COLUMNS];
    for (int worker = 0; worker < workers.length; worker++) {
      System.arraycopy(
          workers[worker].row(), 0, rows, worker * StartRecord.COLUMNS, StartRecord.COLUMNS);
    }
    return rows;
  }

  private static void assertRefused(String message, StartRecord... workers) {
    for (StartRecord worker : workers) { // each sees the same
      assertThatThrownBy(() -> worker.requireAlike(rows(workers)))
          .isInstanceOf(AtrousException.class)
          .hasMessage(
              "The workers can't train together: %s. Start all of them with the same program, data and options.",
              message);
    }
  }

  @Test
  void workersThatHaveTheSameAreAlikeWhereverTheirDataIs() {
    StartRecord first = record("1", run(options -> options, data("/a", 5, "abc")), null);
    StartRecord second = record("1", run(options -> options, data("/b", 5, "abc")), null);

    assertThat(first.row()).isEqualTo(second.row());
    first.requireAlike(rows(first, second, first));
  }

  @Test
  void float32HoldsEveryNumber() {
    for (float number : record(options -> options).row()) {
      assertThat(number).isBetween(0f, (float) (1 << 24) - 1);
      assertThat(number).isEqualTo((float) (int) number);
    }
  }

  @Test
  void whatDiffersIsNamedWithItsWorker() {
    StartRecord usual = record(options -> options);

    assertRefused(
        "worker 2 has another --crop than worker 0",
        usual,
        usual,
        record(options -> options.crop(17)));
    assertRefused(
        "worker 1 has another --learning-rate, --seed than worker 0; worker 2 has another --batch-size than worker 0",
        usual,
        record(options -> options.learningRate(0.5).seed(9)),
        record(options -> options.batchSize(7)));
  }

  @Test
  void dataIsCompared() {
    RunRecord usual = run(options -> options, data("/a", 5, "abc"));
    RunRecord fewer = run(options -> options, data("/a", 4, "abd"));

    assertRefused(
        "worker 1 has another number of images in --data, list of images in --data than worker 0",
        record("1", usual, null),
        record("1", fewer, null));
  }

  /** What else there is may stand elsewhere in another version. */
  @Test
  void ofAnotherVersionOnlyThatIsSaid() {
    RunRecord run = run(options -> options, null);
    RunRecord other = run(options -> options.crop(17), null);

    assertRefused(
        "worker 1 has another version of Atrous than worker 0",
        record("1", run, null),
        record("2", other, null));
  }

  @Test
  void checkpointsAreComparedByWhatIsInThem(@TempDir Path folder) throws IOException {
    RunRecord run = run(options -> options, null);
    Path same = Files.createDirectory(folder.resolve("a")).resolve("model-5");
    Path copy = Files.createDirectory(folder.resolve("b")).resolve("model-5");
    Path other = folder.resolve("model-5");
    Files.writeString(folder.resolve("a/model-5.index"), "one");
    Files.writeString(folder.resolve("b/model-5.index"), "one");
    Files.writeString(folder.resolve("model-5.index"), "two");

    StartRecord first = record("1", run, same);
    first.requireAlike(rows(first, record("1", run, copy)));
    assertRefused(
        "worker 1 has another checkpoint to start from than worker 0",
        first,
        record("1", run, other));
  }
}
