package dev.atrous.samples.generated;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;

/** The same batch again and again. */
record Batches(Batch batch) implements BatchSource {
  @Override
  public Batch next() {
    return batch;
  }

  @Override
  public void close() {}
}
