package dev.atrous.samples.generated;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.CheckpointOps;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.Restore;
import org.tensorflow.types.TFloat32;

/** Values of variables to and from checkpoints, all in one run. */
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
        Session.Runner runner = session.runner();
        handles.forEach(
            (name, handle) -> {
              Tensor value = Objects.requireNonNull(values.get(name), name);
              long[] sizes = value.shape().stream().mapToLong(Integer::longValue).toArray();
              runner.addTarget(
                  tf.assignVariableOp(
                      handle, tf.constant(Shape.of(sizes), DataBuffers.of(value.toFloats()))));
            });
        runner.run().close();
        checkpoints.save(session, prefix, 0);
      }
    }
    return prefix;
  }

  /** Reads all variables of a checkpoint, parameters and momenta, by their names in it. */
  static Map<String, Tensor> read(Path prefix) {
    Map<String, Shape> shapes = new LinkedHashMap<>(Checkpoint.open(prefix).shapes());
    shapes.remove(Checkpoint.GLOBAL_STEP);
    List<String> names = List.copyOf(shapes.keySet());
    Map<String, Tensor> values = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Restore restored =
          tf.train.restore(
              tf.constant(prefix.toString()),
              tf.array(names.toArray(new String[0])),
              tf.array(Collections.nCopies(names.size(), "").toArray(new String[0])),
              Collections.nCopies(names.size(), TFloat32.class));
      try (Session session = new Session(graph, Device.CPU.config(1))) {
        Session.Runner runner = session.runner();
        for (Output<?> value : restored.tensors()) {
          runner.fetch(value);
        }
        try (Result result = runner.run()) {
          for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), tensor((TFloat32) result.get(i)));
          }
        }
      }
    }
    return values;
  }

  private static Tensor tensor(TFloat32 value) {
    float[] floats = new float[Math.toIntExact(value.size())];
    value.asRawTensor().data().asFloats().read(floats);
    List<Integer> shape = new ArrayList<>();
    for (long size : value.shape().asArray()) {
      shape.add(Math.toIntExact(size));
    }
    return Tensor.of(shape, floats);
  }
}
