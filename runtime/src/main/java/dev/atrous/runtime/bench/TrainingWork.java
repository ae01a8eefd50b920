package dev.atrous.runtime.bench;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.tensorflow.Timeline;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import java.util.Optional;
import java.util.Random;

/** A training step of a model on random images and labels, the same in each run and worker. */
public final class TrainingWork implements Workload {
  /** Small, so that many steps on one batch stay finite; the speed does not depend on it. */
  private static final float LEARNING_RATE = 1e-4f;

  private final Trainer trainer;
  private final int workers;
  private final Batch batch;

  /** Builds the graph, sets initial values, and has XLA compile the step where it is to. */
  public TrainingWork(CompiledModel model, TrainingOptions options) {
    batch = random(model.description(), options);
    workers = options.workers().size();
    trainer = new Trainer(model, options);
    if (model.description().pixels().isMeasured()) {
      trainer.setBands(AssumedBands.of(model.description()));
    }
  }

  private static Batch random(ModelDescription model, TrainingOptions options) {
    Random random = new Random(1);
    int size = options.cropsInStep();
    int crop = options.crop();
    Batch batch = Batch.black(size, crop, ImageInput.of(model).format());
    random.nextBytes(batch.images());
    for (int i = 0; i < batch.labels().length; i++) {
      batch.labels()[i] = (byte) random.nextInt(model.classes());
    }
    return batch;
  }

  @Override
  public void run() {
    trainer.step(batch, LEARNING_RATE);
  }

  @Override
  public Optional<Timeline> profile() {
    return Optional.of(trainer.profile(batch, LEARNING_RATE));
  }

  @Override
  public int images() {
    return workers * batch.size();
  }

  @Override
  public void close() {
    trainer.close();
  }
}
