package dev.atrous.runtime.tensorflow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * One run of a graph and what it is fed. Closes the tensors that are made for it, also when one of
 * them can't be made or fed. To be run once.
 */
public final class Feeds implements AutoCloseable {
  private final Session.Runner runner;
  private final RunOptions options;
  private final List<Tensor> owned = new ArrayList<>();

  /** A run without options. */
  public Feeds(Session session) {
    runner = session.runner();
    options = RunOptions.getDefaultInstance();
  }

  /**
   * A run with options.
   *
   * @param options for example {@link WorkerServer#limit}
   */
  public Feeds(Session session, RunOptions options) {
    runner = session.runner().setOptions(options);
    this.options = options;
  }

  /**
   * A tensor that somebody else closes.
   *
   * @param tensor of the type and shape of the input
   */
  public Feeds feed(Operand<?> input, Tensor tensor) {
    runner.feed(input, tensor);
    return this;
  }

  /**
   * A tensor that is closed with this.
   *
   * @param tensor of the type and shape of the input
   */
  public Feeds own(Operand<?> input, Tensor tensor) {
    owned.add(tensor);
    return feed(input, tensor);
  }

  /** A tensor of floats, row-major in a shape. */
  public Feeds feed(Operand<TFloat32> input, Shape shape, float[] values) {
    return own(input, TFloat32.tensorOf(shape, DataBuffers.of(values)));
  }

  /** A vector of floats. */
  public Feeds feed(Operand<TFloat32> input, float[] values) {
    return feed(input, Shape.of(values.length), values);
  }

  /** A vector of integers. */
  public Feeds feed(Operand<TInt32> input, int[] values) {
    return own(input, TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values)));
  }

  /** A scalar. */
  public Feeds feed(Operand<TFloat32> input, float value) {
    return own(input, TFloat32.scalarOf(value));
  }

  /** A scalar. */
  public Feeds feed(Operand<TInt32> input, int value) {
    return own(input, TInt32.scalarOf(value));
  }

  /** A scalar. */
  public Feeds feed(Operand<TInt64> input, long value) {
    return own(input, TInt64.scalarOf(value));
  }

  /** Computes values; the result has them in their order, and is to be closed. */
  public Result fetch(Operand<?>... values) {
    return fetching(values).run();
  }

  /** Computes values and records when each operation ran. */
  public Timeline record(Operand<?>... values) {
    try (Result result = Timeline.run(fetching(values), options)) {
      return Timeline.of(result);
    }
  }

  private Session.Runner fetching(Operand<?>... values) {
    for (Operand<?> value : values) {
      runner.fetch(value);
    }
    return runner;
  }

  /** Performs operations for what they change. */
  public void perform(Collection<? extends Op> operations) {
    operations.forEach(runner::addTarget);
    runner.run().close();
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
  }
}
