package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.op.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * The weights of a checkpoint, or others in their place, as values of a graph, for what is computed
 * from them once.
 */
public final class RestoredWeights {
  private final Placeholder<TString> prefix;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();

  /** Adds the operation that reads them. */
  public RestoredWeights(Ops tf, List<Parameter> parameters) {
    prefix = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
    List<String> names = List.copyOf(shapes.keySet());
    List<Operand<TFloat32>> read = RestoreOps.values(tf, prefix, names, TFloat32.class);
    for (int i = 0; i < read.size(); i++) {
      values.put(names.get(i), read.get(i));
    }
  }

  /** The value of a parameter. */
  public Operand<TFloat32> value(String name) {
    Operand<TFloat32> value = values.get(name);
    if (value == null) {
      throw unknown(name);
    }
    return value;
  }

  /** The shape of a parameter. */
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw unknown(name);
    }
    return shape;
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("no parameter is named " + name);
  }

  /**
   * Reads the weights and runs operations on them.
   *
   * @throws dev.atrous.runtime.AtrousException if a parameter is missing, has another shape, or the
   *     files are damaged
   */
  public void run(Session session, Checkpoint checkpoint, List<? extends Op> operations) {
    checkpoint.require(
        shapes,
        differing ->
            checkpoint.ofOtherBands(differing)
                ? Checkpoint.OTHER_BANDS
                    + " Such weights can't predict; those for three, which are"
                    + " red, green and blue, can start a training of this model (train --weights)."
                : Checkpoint.SAME_MODEL);
    RestoreOps.run(session, prefix, checkpoint, operations);
  }

  /**
   * Runs operations on given values, in place of those of a checkpoint.
   *
   * @param given a value for each parameter, in its shape
   * @throws IllegalArgumentException if there is none for a parameter
   */
  public void run(Session session, Map<String, TFloat32> given, List<? extends Op> operations) {
    Session.Runner runner = session.runner();
    values.forEach(
        (name, value) -> {
          TFloat32 tensor = given.get(name);
          if (tensor == null) {
            throw new IllegalArgumentException("there is no value of " + name);
          }
          runner.feed(value, tensor);
        });
    operations.forEach(runner::addTarget);
    runner.run().close();
  }
}
