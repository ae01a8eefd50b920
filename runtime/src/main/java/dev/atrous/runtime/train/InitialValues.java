package dev.atrous.runtime.train;

import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.UpdateOps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * The operations that give variables their values in a new model. Random values depend on the seed
 * and the parameter's position alone.
 */
final class InitialValues {
  private final Ops tf;
  private final long seed;

  InitialValues(Ops tf, long seed) {
    this.tf = tf.withSubScope("init");
    this.seed = seed;
  }

  /**
   * Operations to run: every parameter, and zeros for every momentum.
   *
   * @param handles of the parameters, by name
   * @param slots momenta and the like, by their names in checkpoints
   */
  List<Op> assignments(
      List<Parameter> parameters,
      Map<String, VarHandleOp> handles,
      Map<String, VarHandleOp> slots) {
    List<Op> assignments = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      for (String suffix : UpdateOps.SLOT_SUFFIXES) {
        VarHandleOp slot = slots.get(parameter.name() + suffix);
        if (slot != null) {
          assignments.add(tf.assignVariableOp(slot, filled(parameter.shape(), 0f)));
        }
      }
      VarHandleOp handle = handles.get(parameter.name());
      if (handle != null) {
        assignments.add(tf.assignVariableOp(handle, value(parameter, i)));
      }
    }
    return assignments;
  }

  private Operand<TFloat32> value(Parameter parameter, int index) {
    Shape shape = parameter.shape();
    Operand<TInt64> sizes = tf.constant(shape.asArray());
    Operand<TInt64> seeds = opaque(tf.constant(new long[] {seed, index}), TInt64.class);
    float scale = parameter.initializer().scale();
    return switch (parameter.initializer().distribution()) {
      case CONSTANT -> filled(shape, scale);
      case NORMAL -> scaled(tf.random.statelessRandomNormal(sizes, seeds), scale);
      case TRUNCATED_NORMAL -> scaled(tf.random.statelessTruncatedNormal(sizes, seeds), scale);
      case UNIFORM -> scaled(plusOrMinusOne(sizes, seeds), scale);
    };
  }

  /** Uniform from -1 to less than 1. */
  private Operand<TFloat32> plusOrMinusOne(Operand<TInt64> sizes, Operand<TInt64> seeds) {
    Operand<TFloat32> fractions = tf.random.statelessRandomUniform(sizes, seeds);
    return tf.math.sub(tf.math.mul(fractions, tf.constant(2f)), tf.constant(1f));
  }

  private Operand<TFloat32> scaled(Operand<TFloat32> values, float factor) {
    return tf.math.mul(values, tf.constant(factor));
  }

  private Operand<TFloat32> filled(Shape shape, float value) {
    return tf.fill(tf.constant(shape.asArray()), opaque(tf.constant(value), TFloat32.class));
  }

  /**
   * A constant that TensorFlow does not take for one: it would compute what follows from constants
   * when it compiles the graph, and keep all initial values twice as long as the session lives.
   */
  private <T extends TNumber> Operand<T> opaque(Operand<T> constant, Class<T> type) {
    Operand<T> zero = tf.empty(tf.constant(new int[0]), type, Empty.init(true));
    return tf.math.add(constant, zero);
  }
}
