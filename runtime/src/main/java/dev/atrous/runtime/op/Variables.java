package dev.atrous.runtime.op;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReadVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The parameters of one model as resource variables of one graph, by name. Each has one handle and,
 * at most, one read: a step uses the values that it started with everywhere.
 */
public final class Variables implements ParameterValues {
  private final Ops tf;
  private final Map<String, VarHandleOp> handles = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> reads = new HashMap<>();

  /** Adds a handle for each parameter; the values are not set. */
  public Variables(Ops tf, List<Parameter> parameters) {
    this.tf = tf;
    for (Parameter parameter : parameters) {
      VarHandleOp handle =
          tf.varHandleOp(
              TFloat32.class, parameter.shape(), VarHandleOp.sharedName(parameter.name()));
      if (handles.put(parameter.name(), handle) != null) {
        throw new IllegalArgumentException("two parameters are named " + parameter.name());
      }
    }
  }

  /** The value of a parameter at the start of the step. */
  @Override
  public Operand<TFloat32> read(String name) {
    VarHandleOp handle = handle(name);
    return reads.computeIfAbsent(
        name, n -> ReadVariableOp.create(tf.scope(), handle, TFloat32.class));
  }

  /** The handle of a parameter. */
  public VarHandleOp handle(String name) {
    VarHandleOp handle = handles.get(name);
    if (handle == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return handle;
  }

  /** All handles by name, in the order of the parameters. */
  public Map<String, VarHandleOp> handles() {
    return Collections.unmodifiableMap(handles);
  }
}
