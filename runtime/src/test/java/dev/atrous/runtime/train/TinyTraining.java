package dev.atrous.runtime.train;

import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.tensorflow.Device;
import java.util.Map;

/** What trainings of the tiny model begin with. */
final class TinyTraining {
  static final TinyModel MODEL = new TinyModel();

  private TinyTraining() {}

  /** Options of a training on the CPU. */
  static TrainingOptions.Builder options() {
    return TrainingOptions.of(MODEL.description()).device(Device.CPU).threads(1);
  }

  /** All variables by name. */
  static Map<String, float[]> values(Trainer trainer) {
    return trainer.readVariables(trainer.variables());
  }

  /** A listener that interrupts the thread that makes it, after a step. */
  static TrainingListener interruptingAt(long step) {
    Thread thread = Thread.currentThread();
    return report -> {
      if (report.step() == step) {
        thread.interrupt();
      }
    };
  }
}
