package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
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
  void validationsAndRemarksAreLines() {
    ProgressListener listener = new ProgressListener(out, false);
    listener.onStep(report(1));
    listener.onValidation(new ValidationReport(1, 0.45678, new double[] {0.4}, 1.5, 2.34, true));
    listener.onRemark("something is unusual");
    listener.onStep(report(100));
    listener.onValidation(new ValidationReport(100, 0.4, new double[] {0.4}, 1.25, 2.34, false));
    listener.onEnd();
    assertThat(printed().lines())
        .containsExactly(
            "step 1/200  loss 1.2500  lr 0.00700  12.34 images/s  1:01:53 left",
            "step 1  validation mIoU 45.68 %  loss 1.5000  2.3 s  the best so far",
            "note: something is unusual",
            "step 100  validation mIoU 40.00 %  loss 1.2500  2.3 s",
            "step 100/200  loss 0.0125  mIoU 40.00 %  lr 0.00700  12.34 images/s  0:45:23 left");
  }

  @Test
  void drawsABarOnATerminal() {
    ProgressListener listener = new ProgressListener(out, true);
    listener.onStep(report(1));
    listener.onStep(report(150));
    listener.onEnd();
    assertThat(printed()) // 80 columns wide
        .contains("150/200", "  0:37:03 left  loss 0.0083  lr 0.00700  12.34");
  }

  @Test
  void theBarHasTheLastValidation() {
    ProgressListener listener = new ProgressListener(out, true);
    listener.onValidation(new ValidationReport(150, 0.4567, new double[] {0.4}, 1.5, 2.34, true));
    listener.onStep(report(160));
    listener.onEnd();
    assertThat(printed()).contains("160/200").contains("loss 0.0078  mIoU 45.67 %");
  }

  private static ValidatedImage validated(int index, double seconds) {
    byte[] one = new byte[1];
    LabelMap labels = new LabelMap(1, 1, one);
    LabelledImage sample = new LabelledImage(new Image(1, 1, new byte[3]), labels);
    return new ValidatedImage(
        150, index, 200, seconds, "image", sample, labels, new ConfusionMatrix(1), ClassColors.VOC);
  }

  /** Of eight images a second: a line about every ten seconds. */
  @Test
  void aLongValidationHasLines() {
    ProgressListener listener = new ProgressListener(out, false);
    listener.onStep(report(150));
    for (int run = 0; run < 2; run++) {
      for (int i = 0; i < 200; i++) {
        listener.onValidatedImage(validated(i, 0.125 * (i + 1)));
      }
    }
    listener.onEnd();
    String first = "step 150  validated image 80/200  8.00 images/s  0:00:15 left";
    String second = "step 150  validated image 160/200  8.00 images/s  0:00:05 left";
    assertThat(printed().lines().skip(1)).containsExactly(first, second, first, second);
  }

  @Test
  void theBarHasTheProgressOfAValidation() {
    ProgressListener listener = new ProgressListener(out, true);
    listener.onStep(report(150));
    listener.onValidatedImage(validated(99, 12.5));
    listener.onEnd();
    assertThat(printed()).contains("150/200").contains("validated 100/200  0:00:13 left");
  }

  @Test
  void theBarHasTheStepAgainAfterAValidation() {
    ProgressListener listener = new ProgressListener(out, true);
    listener.onStep(report(150));
    listener.onValidatedImage(validated(199, 25));
    listener.onValidation(new ValidationReport(150, 0.4567, new double[] {0.4}, 1.5, 2.34, true));
    listener.onEnd();
    assertThat(printed()).contains("loss 0.0083  mIoU 45.67 %").doesNotContain("validated");
  }

  @Test
  void aRunWithoutStepsPrintsNothing() {
    new ProgressListener(out, true).onEnd();
    new ProgressListener(out, false).onEnd();
    assertThat(printed()).isEmpty();
  }
}
