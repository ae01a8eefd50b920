package dev.atrous.runtime.bench;

import dev.atrous.runtime.tensorflow.Timeline;
import java.util.Optional;

/** Something to measure, ready to run as often as wanted. */
public interface Workload extends AutoCloseable {

  /** Does the work once, up to the result. */
  void run();

  /** Images that a run works on; 0 where there are none. */
  int images();

  /** Runs once more and records when each operation ran; empty for work that has no graph. */
  default Optional<Timeline> profile() {
    return Optional.empty();
  }

  @Override
  default void close() {}
}
