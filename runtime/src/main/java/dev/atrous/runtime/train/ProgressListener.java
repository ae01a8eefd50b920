package dev.atrous.runtime.train;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import dev.atrous.runtime.model.TrainingPhase;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a training run on standard error: on a terminal a progress bar with loss, learning rate,
 * images per second, time left and the last validation's mIoU, otherwise a line about every ten
 * seconds and at both ends, and one for each checkpoint and validation. In a validation, the images
 * that are done, and the time left of it.
 */
public final class ProgressListener implements TrainingListener {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final PrintStream out;
  private final boolean terminal;
  private final String step;
  private @Nullable ProgressBar bar;
  private long lastLine;
  private @Nullable StepReport unprinted;
  private @Nullable StepReport shownStep; // in the bar
  private double lastValidationLine; // in seconds since the validation began
  private String validated = "";

  /** For standard error. */
  public ProgressListener() {
    this(TrainingPhase.ONLY);
  }

  /** For standard error; each line names the phase, if there are several. */
  public ProgressListener(TrainingPhase phase) {
    this(System.err, isTerminal(), phase);
  }

  ProgressListener(PrintStream out, boolean terminal) {
    this(out, terminal, TrainingPhase.ONLY);
  }

  ProgressListener(PrintStream out, boolean terminal, TrainingPhase phase) {
    step = (phase.of() == 1 ? "" : phase.inWords() + " ") + "step";
    this.out = out;
    this.terminal = terminal;
  }

  private static boolean isTerminal() {
    try {
      Function isatty =
          Platform.isWindows()
              ? Function.getFunction("msvcrt", "_isatty")
              : Function.getFunction("c", "isatty");
      return isatty.invokeInt(new Object[] {2}) != 0;
    } catch (LinkageError e) { // native code can't be called; who needs it says why
      return false;
    }
  }

  @Override
  public void onStep(StepReport report) {
    if (terminal) {
      show(report);
      return;
    }
    boolean first = lastLine == 0;
    unprinted = report;
    if (first || System.nanoTime() - lastLine >= BETWEEN_LINES.toNanos()) {
      print(report);
    }
  }

  private void show(StepReport report) {
    ProgressBar shown = bar;
    if (shown == null) {
      shown =
          new ProgressBarBuilder()
              .setTaskName(step)
              .setInitialMax(report.steps())
              .startsFrom(report.step() - 1, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .hideEta()
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
      bar = shown;
    }
    shownStep = report;
    shown.stepTo(report.step());
    // What has no room is cut off at the end: the time left comes first.
    shown.setExtraMessage(" %s left  %s".formatted(clock(report.remaining()), figures(report)));
  }

  private void print(StepReport report) {
    lastLine = System.nanoTime();
    unprinted = null;
    out.printf(
        Locale.ROOT,
        "%s %d/%d  %s  %s left%n",
        step,
        report.step(),
        report.steps(),
        figures(report),
        clock(report.remaining()));
  }

  private String figures(StepReport report) {
    return String.format(
        Locale.ROOT,
        "loss %.4f%s  lr %.3g  %.2f images/s",
        report.loss(),
        validated,
        report.learningRate(),
        report.imagesPerSecond());
  }

  /** Hours, minutes and seconds: {@code 1:02:03}. */
  private static String clock(Duration time) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  @Override
  public void onCheckpoint(long done, Path prefix) {
    if (!terminal) {
      out.printf(Locale.ROOT, "%s %d  checkpoint %s%n", step, done, prefix);
    }
  }

  @Override
  public void onValidatedImage(ValidatedImage image) {
    int done = image.index() + 1;
    double speed = done / image.seconds();
    String left = clock(Duration.ofSeconds(Math.round((image.images() - done) / speed)));
    if (image.index() == 0) {
      lastValidationLine = 0;
    }
    if (bar != null) {
      bar.setExtraMessage(" validated %d/%d  %s left".formatted(done, image.images(), left));
    } else if (image.seconds() - lastValidationLine >= BETWEEN_LINES.toSeconds()) {
      lastValidationLine = image.seconds();
      out.printf(
          Locale.ROOT,
          "%s %d  validated image %d/%d  %.2f images/s  %s left%n",
          step,
          image.step(),
          done,
          image.images(),
          speed,
          left);
    }
  }

  @Override
  public void onValidation(ValidationReport report) {
    validated = String.format(Locale.ROOT, "  mIoU %.2f %%", 100 * report.miou());
    if (shownStep != null) {
      show(shownStep);
    }
    if (!terminal) {
      out.printf(
          Locale.ROOT,
          "%s %d  validation mIoU %.2f %%  loss %.4f  %.1f s%s%n",
          step,
          report.step(),
          100 * report.miou(),
          report.loss(),
          report.seconds(),
          report.best() ? "  the best so far" : "");
    }
  }

  @Override
  public void onRemark(String remark) {
    out.println((bar == null ? "" : System.lineSeparator()) + "note: " + remark);
  }

  @Override
  public void onEnd() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
    if (unprinted != null) {
      print(unprinted);
    }
  }
}
