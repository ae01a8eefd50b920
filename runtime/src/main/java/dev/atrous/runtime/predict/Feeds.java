package dev.atrous.runtime.predict;

import dev.atrous.runtime.tensorflow.Timeline;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A run of a graph and what it is fed; closes the tensors that are made here. */
final class Feeds implements AutoCloseable {
  private final Session.Runner runner;
  private final List<Tensor> made = new ArrayList<>();

  Feeds(Session session) {
    runner = session.runner();
  }

  /** A tensor that somebody else closes. */
  Feeds feed(Operand<?> input, Tensor tensor) {
    runner.feed(input, tensor);
    return this;
  }

  /** A vector. */
  Feeds feed(Operand<TFloat32> input, float[] values) {
    return own(input, TFloat32.tensorOf(Shape.of(values.length), DataBuffers.of(values)));
  }

  /** A vector. */
  Feeds feed(Operand<TInt32> input, int[] values) {
    return own(input, TInt32.tensorOf(Shape.of(values.length), DataBuffers.of(values)));
  }

  /** A scalar. */
  Feeds feed(Operand<TInt32> input, int value) {
    return own(input, TInt32.scalarOf(value));
  }

  private Feeds own(Operand<?> input, Tensor tensor) {
    made.add(tensor);
    return feed(input, tensor);
  }

  /** Computes values; the result is to be closed. */
  Result fetch(Operand<?>... values) {
    return fetching(values).run();
  }

  /** Computes values and records when each operation ran. */
  Timeline record(Operand<?>... values) {
    try (Result result = Timeline.run(fetching(values))) {
      return Timeline.of(result);
    }
  }

  private Session.Runner fetching(Operand<?>... values) {
    for (Operand<?> value : values) {
      runner.fetch(value);
    }
    return runner;
  }

  @Override
  public void close() {
    made.forEach(Tensor::close);
  }
}
