package dev.atrous.samples.spark;

import dev.atrous.runtime.predict.Predictor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The predictor that all tasks of an executor share. It stays for the tasks to come, until the
 * executor ends or another one is asked for; that waits for no task, so two are there while tasks
 * of both run.
 */
final class ExecutorModel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ExecutorModel.class);
  private static @Nullable ExecutorModel newest;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ExecutorModel::end, "atrous-model"));
  }

  private final ModelSettings settings;
  private final Predictor predictor;
  private int users;

  private ExecutorModel(ModelSettings settings) {
    this.settings = settings;
    long start = System.nanoTime();
    predictor = settings.load();
    long millis = (System.nanoTime() - start) / 1_000_000;
    log.info("Loaded {} from {} in {} ms", settings.model(), settings.weights(), millis);
  }

  /**
   * The predictor of some settings, loaded if need be, for a task until it closes this.
   *
   * @throws dev.atrous.runtime.AtrousException if it can't be loaded
   */
  static ExecutorModel acquire(ModelSettings settings) {
    synchronized (ExecutorModel.class) {
      ExecutorModel model = newest;
      if (model == null || !model.settings.equals(settings)) {
        newest = null;
        if (model != null) {
          model.closeIfIdle(); // before the next one needs memory
        }
        model = new ExecutorModel(settings);
        newest = model;
      }
      model.users++;
      return model;
    }
  }

  Predictor predictor() {
    return predictor;
  }

  /** To be called once, when the task needs it no longer. */
  @Override
  public void close() {
    synchronized (ExecutorModel.class) {
      users--;
      if (newest != this) {
        closeIfIdle();
      }
    }
  }

  private void closeIfIdle() {
    if (users == 0) {
      predictor.close();
      log.info("Closed {}", settings.model());
    }
  }

  /** At the end of the JVM. What a task still uses is left to the operating system. */
  private static void end() {
    synchronized (ExecutorModel.class) {
      if (newest != null) {
        newest.closeIfIdle();
        newest = null;
      }
    }
  }
}
