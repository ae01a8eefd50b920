package dev.atrous.runtime.train;

import java.nio.file.Path;
import java.util.List;

/** Several listeners as one. */
record TrainingListeners(List<TrainingListener> all) implements TrainingListener {
  @Override
  public void onBegin(long step) {
    all.forEach(listener -> listener.onBegin(step));
  }

  @Override
  public void onStep(StepReport report) {
    all.forEach(listener -> listener.onStep(report));
  }

  @Override
  public void onCheckpoint(long step, Path prefix) {
    all.forEach(listener -> listener.onCheckpoint(step, prefix));
  }

  @Override
  public void onValidatedImage(ValidatedImage image) {
    all.forEach(listener -> listener.onValidatedImage(image));
  }

  @Override
  public void onValidation(ValidationReport report) {
    all.forEach(listener -> listener.onValidation(report));
  }

  @Override
  public void onRemark(String remark) {
    all.forEach(listener -> listener.onRemark(remark));
  }

  @Override
  public void onEnd() {
    all.forEach(TrainingListener::onEnd);
  }
}
