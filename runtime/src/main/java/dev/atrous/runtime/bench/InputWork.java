package dev.atrous.runtime.bench;

import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.data.Dataset;

/**
 * A batch of augmented crops from the image files of a data set, decoded anew each time: nothing is
 * cached, as with data sets that do not fit into memory.
 */
public final class InputWork implements Workload {
  private final BatchSource batches;
  private final int batchSize;

  /**
   * Starts to load.
   *
   * @param threads that decode and augment
   */
  public InputWork(Dataset data, CropLoader.Settings settings, int threads) {
    batches = CropLoader.open(data, settings, 0, threads, 0);
    batchSize = settings.batchSize();
  }

  @Override
  public void run() {
    batches.next();
  }

  @Override
  public int images() {
    return batchSize;
  }

  @Override
  public void close() {
    batches.close();
  }
}
