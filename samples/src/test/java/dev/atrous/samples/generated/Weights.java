package dev.atrous.samples.generated;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.Device;
import dev.atrous.runtime.NativeLibrary;
import dev.atrous.runtime.Variables;
import dev.atrous.runtime.checkpoint.CheckpointOps;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;

/** Checkpoints of given weights. */
final class Weights {
  private Weights() {}

  /**
   * Writes a checkpoint into a folder.
   *
   * @param values for every parameter of the model
   * @return its prefix
   */
  static Path write(CompiledModel model, Map<String, Tensor> values, Path folder) {
    NativeLibrary.load();
    Path prefix = folder.resolve("weights");
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Map<String, VarHandleOp> handles = new Variables(tf, model.parameters()).handles();
      CheckpointOps checkpoints = new CheckpointOps(tf, handles, Map.of());
      try (Session session = new Session(graph, Device.CPU.config(1))) {
        handles.forEach(
            (name, handle) -> {
              Tensor value = Objects.requireNonNull(values.get(name), name);
              long[] sizes = value.shape().stream().mapToLong(Integer::longValue).toArray();
              session.run(
                  tf.assignVariableOp(
                      handle, tf.constant(Shape.of(sizes), DataBuffers.of(value.toFloats()))));
            });
        checkpoints.save(session, prefix, 0);
      }
    }
    return prefix;
  }
}
