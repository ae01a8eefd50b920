package dev.atrous.runtime.data;

/** An endless, repeatable sequence of training batches. */
public interface BatchSource extends AutoCloseable {

  /**
   * The next batch. Batch {@code k} of a source depends on the seed, the data and {@code k} alone,
   * not on threads.
   *
   * @throws dev.atrous.runtime.AtrousException if a file can't be used; the message names it
   * @throws dev.atrous.runtime.Interruption if the thread is interrupted
   */
  Batch next();

  @Override
  void close();
}
