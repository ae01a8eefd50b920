package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressListenerTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private static StepReport report(long step) {
    return new StepReport(
        step, 200, 1.25f / step, 0.007, 12.34, Duration.ofSeconds(3723 - 10 * step));
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsTheFirstAndTheLastStepAndCheckpointsWithoutATerminal() {
    ProgressListener listener = new ProgressListener(out, false);
    for (int step = 1; step <= 100; step++) {
      listener.onStep(report(step));
    }
    listener.onCheckpoint(100, Path.of("run", "model-100"));
    listener.onEnd();
    assertThat(printed().lines())
        .containsExactly(
            "step 1/200  loss 1.2500  lr 0.00700  12.34 images/s  1:01:53 left",
            "step 100  checkpoint " + Path.of("run", "model-100"),
            "step 100/200  loss 0.0125  lr 0.00700  12.34 images/s  0:45:23 left");
  }

  @Test
  void drawsABarOnATerminal() {
    ProgressListener listener = new ProgressListener(out, true);
    listener.onStep(report(1));
    listener.onStep(report(150));
    listener.onEnd();
    assertThat(printed()).contains("150/200").contains("loss 0.0083").contains("12.34 images/s");
  }

  @Test
  void aRunWithoutStepsPrintsNothing() {
    new ProgressListener(out, true).onEnd();
    new ProgressListener(out, false).onEnd();
    assertThat(printed()).isEmpty();
  }
}
