package dev.atrous.runtime.predict;

import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.RestoredWeights;
import dev.atrous.runtime.kernel.FixedParameters;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.ParameterValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.ReadVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The parameters of a graph that does not train: variables that are set once, to what a checkpoint
 * has or to what follows from it. Only what the graph asks for is kept in memory. They are not to
 * be set again: kernels keep what they make of them.
 */
final class FrozenParameters implements ParameterValues, FixedParameters {
  private final Ops tf;
  private final RestoredWeights restored;
  private final Map<String, Operand<TFloat32>> reads = new HashMap<>();
  private final List<Op> assignments = new ArrayList<>();

  FrozenParameters(Ops tf, List<Parameter> parameters) {
    this.tf = tf.withSubScope("weights");
    restored = new RestoredWeights(this.tf, parameters);
  }

  @Override
  public Operand<TFloat32> read(String name) {
    return reads.computeIfAbsent(
        name, n -> keep(n, restored.shape(n), restored.value(n), TFloat32.class));
  }

  @Override
  public Ops ops() {
    return tf;
  }

  @Override
  public Operand<TFloat32> restored(String name) {
    return restored.value(name);
  }

  @Override
  public Shape shape(String name) {
    return restored.shape(name);
  }

  @Override
  public <T extends TType> Operand<T> keep(
      String name, Shape shape, Operand<T> value, Class<T> type) {
    VarHandleOp variable =
        VarHandleOp.create(tf.scope(), type, shape, VarHandleOp.sharedName(name));
    assignments.add(AssignVariableOp.create(tf.scope(), variable, value));
    return ReadVariableOp.create(tf.scope(), variable, type);
  }

  /**
   * Sets all variables. To be called once, when the graph is complete.
   *
   * @throws dev.atrous.runtime.AtrousException if the weights can't be read or do not fit
   */
  void load(Session session, Checkpoint weights) {
    restored.run(session, weights, assignments);
  }

  /**
   * As {@link #load(Session, Checkpoint)}, from memory.
   *
   * @param weights a value for each parameter
   */
  void load(Session session, Map<String, TFloat32> weights) {
    restored.run(session, weights, assignments);
  }
}
