package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.checkpoint.CheckpointOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * Writes the checkpoint that a training starts from: given values for some parameters, and for the
 * others what {@link Trainer} would start them with. It has step 0 and no momenta, so it is one for
 * {@link TrainingOptions.Builder#weights}, not for a run to resume.
 */
public final class InitialCheckpoint {
  private InitialCheckpoint() {}

  /** {@link #write(List, Set, Function, Path, long)} of what {@link Trainer} would start with. */
  public static Path write(List<Parameter> parameters, Path directory, long seed) {
    return write(
        parameters,
        Set.of(),
        name -> {
          throw new IllegalStateException(name + " is not given");
        },
        directory,
        seed);
  }

  /**
   * Writes the checkpoint.
   *
   * @param parameters of the model
   * @param given names of parameters with given values
   * @param values of a given parameter, row-major in its shape; asked for one after the other
   * @param directory is created; must hold no checkpoint
   * @param seed of the random initial values
   * @return its prefix
   * @throws AtrousException if the directory holds a checkpoint, a training has it, or it can't be
   *     written
   */
  public static Path write(
      List<Parameter> parameters,
      Set<String> given,
      Function<String, float[]> values,
      Path directory,
      long seed) {
    CheckpointDirectory target = new CheckpointDirectory(directory, 1);
    RunLock lock = RunLock.of(directory);
    try {
      requireEmpty(target, directory);
      return write(parameters, given, values, target, seed);
    } finally {
      lock.close();
    }
  }

  private static Path write(
      List<Parameter> parameters,
      Set<String> given,
      Function<String, float[]> values,
      CheckpointDirectory target,
      long seed) {
    NativeLibrary.load();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, parameters);
      CheckpointOps checkpoints = new CheckpointOps(tf, variables.handles(), Map.of());
      Map<String, VarHandleOp> others = new LinkedHashMap<>(variables.handles());
      others.keySet().removeAll(given);
      List<Op> assignments =
          new ArrayList<>(new InitialValues(tf, seed).assignments(parameters, others, Map.of()));
      Map<Parameter, Placeholder<TFloat32>> fed = new LinkedHashMap<>();
      for (Parameter parameter : parameters) {
        if (given.contains(parameter.name())) {
          Placeholder<TFloat32> value =
              tf.placeholder(TFloat32.class, Placeholder.shape(parameter.shape()));
          assignments.add(tf.assignVariableOp(variables.handle(parameter.name()), value));
          fed.put(parameter, value);
        }
      }
      try (Session session = new Session(graph, Device.CPU.config(0))) {
        assign(session, assignments, fed, values);
        return target.add(0, prefix -> checkpoints.save(session, prefix, 0));
      }
    }
  }

  private static void requireEmpty(CheckpointDirectory target, Path directory) {
    target
        .newest()
        .ifPresent(
            newest -> {
              throw new AtrousException(
                  "The output directory "
                      + directory
                      + " already holds a checkpoint ("
                      + newest.getFileName()
                      + "). Choose another directory.");
            });
  }

  /** Performs all assignments in one run: a run for each would compile the graph each time. */
  private static void assign(
      Session session,
      List<Op> assignments,
      Map<Parameter, Placeholder<TFloat32>> fed,
      Function<String, float[]> values) {
    try (Feeds feeds = new Feeds(session, Device.CPU.sideBySide())) {
      fed.forEach(
          (parameter, input) ->
              feeds.feed(input, parameter.shape(), values.apply(parameter.name())));
      feeds.perform(assignments);
    }
  }
}
