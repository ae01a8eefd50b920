package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A model that is trained once for a class of tests, and commands with its weights. */
@NullUnmarked // JUnit sets the directories
abstract class InferenceFixture {
  static final NamedModel MODEL = NamedModel.of("Tiny");

  @TempDir static Path data;
  @TempDir static Path run;
  @TempDir Path directory;

  @BeforeAll
  static void train() throws Exception {
    ColorFolder.write(data);
    Invocation trained =
        Invocation.of(MODEL, "train", "--data", data, "--output", run, "--steps", 60);
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  static Invocation invoke(String command, Object... more) {
    return Invocation.of(
        MODEL, Stream.concat(Stream.of(command, "--weights", run), Arrays.stream(more)).toArray());
  }

  static void assertError(Invocation invocation, int code, String message) {
    assertThat(invocation.errors()).startsWith("error: ").contains(message).doesNotContain("\tat ");
    assertThat(invocation.code()).isEqualTo(code);
  }
}
