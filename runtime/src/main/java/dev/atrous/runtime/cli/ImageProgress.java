package dev.atrous.runtime.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntConsumer;

/** Says about every ten seconds how many images are done. */
final class ImageProgress implements IntConsumer {
  private static final long BETWEEN_LINES = Duration.ofSeconds(10).toNanos();

  private final PrintWriter err;
  private final String what;
  private final int images;
  private final long begin = System.nanoTime();
  private long lastLine = begin;

  /**
   * @param what stands in front of the number of images done
   * @param images that there are
   */
  ImageProgress(PrintWriter err, String what, int images) {
    this.err = err;
    this.what = what;
    this.images = images;
  }

  /** Images per second so far. */
  double speed(int done) {
    return done * 1e9 / (System.nanoTime() - begin);
  }

  @Override
  public void accept(int done) {
    if (System.nanoTime() - lastLine < BETWEEN_LINES) {
      return;
    }
    lastLine = System.nanoTime();
    double speed = speed(done);
    Duration left = Duration.ofSeconds(Math.round((images - done) / speed));
    err.printf(
        Locale.ROOT,
        "%s %d/%d  %.2f images/s  %d:%02d:%02d left%n",
        what,
        done,
        images,
        speed,
        left.toHours(),
        left.toMinutesPart(),
        left.toSecondsPart());
    err.flush();
  }
}
