package dev.atrous.runtime.cli;

import dev.atrous.runtime.model.CompiledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What tests of {@code train} begin with: data, a directory for its output, the command. */
abstract class TrainingFixture {
  final Path directory;
  final Path data;

  /** Where the command writes to; a test may change it. */
  Path run;

  /**
   * @param directory of the test
   */
  TrainingFixture(Path directory) throws IOException {
    this.directory = directory;
    data = directory.resolve("data");
    run = directory.resolve("run");
    ColorFolder.write(data);
  }

  /** Trains on the CPU; options say on what. */
  final Invocation runTrain(CompiledModel model, Object... options) {
    return Invocation.of(
        model, with(new Object[] {"train", "--output", run, "--device", "cpu"}, options));
  }

  /** Trains on the CPU, on the data. */
  final Invocation runTrainOnData(CompiledModel model, Object... options) {
    return runTrain(model, with(new Object[] {"--data", data}, options));
  }

  static Object[] with(Object[] first, Object... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
  }
}
