package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.Save;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The operations of a graph that write its variables to a checkpoint and read them from one.
 *
 * <p>Usage: construct it with the graph, before the session; then {@link #save} and {@link
 * #restore} as often as wanted.
 */
public final class CheckpointOps {
  private static final String OTHER_OPTIMIZER =
      "The run was trained by another optimizer, or with other parts frozen. Resume it with the"
          + " spec that it began with, or start a new run from its weights.";

  private final Map<String, Shape> weightShapes;
  private final Map<String, Shape> momentumShapes;
  private final Placeholder<TString> prefix;
  private final Placeholder<TInt64> step;
  private final Save save;
  private final Operand<TInt64> restoredStep;
  private final List<Op> restore;
  private final List<Op> body;
  private final List<Op> classifier;

  /**
   * Adds the operations.
   *
   * @param weights by their names in the checkpoint
   * @param momenta by their names in the checkpoint; read by {@link #restore} alone
   */
  public CheckpointOps(
      Ops graph, Map<String, VarHandleOp> weights, Map<String, VarHandleOp> momenta) {
    Ops tf = graph.withSubScope("save");
    Map<String, VarHandleOp> all = new LinkedHashMap<>(weights);
    all.putAll(momenta);
    weightShapes = shapes(weights);
    momentumShapes = shapes(momenta);
    prefix = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    save = addSave(tf, all);
    body = addRestore(tf, part(weights, false));
    classifier = addRestore(tf, part(weights, true));
    restore = new ArrayList<>(body);
    restore.addAll(classifier);
    restore.addAll(addRestore(tf, momenta));
    restoredStep =
        RestoreOps.values(tf, prefix, List.of(Checkpoint.GLOBAL_STEP), TInt64.class).get(0);
  }

  /** The variables that are of the classifier, or the others. */
  private static Map<String, VarHandleOp> part(
      Map<String, VarHandleOp> variables, boolean ofClassifier) {
    Map<String, VarHandleOp> part = new LinkedHashMap<>(variables);
    part.keySet().removeIf(name -> Parameter.isOfClassifier(name) != ofClassifier);
    return part;
  }

  private static Map<String, Shape> shapes(Map<String, VarHandleOp> variables) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    variables.forEach(
        (name, handle) ->
            shapes.put(name, ((GraphOperation) handle.op()).attributes().getAttrShape("shape")));
    return shapes;
  }

  private Save addSave(Ops tf, Map<String, VarHandleOp> variables) {
    List<String> names = new ArrayList<>(variables.keySet());
    List<Operand<?>> values = new ArrayList<>();
    variables.values().forEach(handle -> values.add(tf.readVariableOp(handle, TFloat32.class)));
    names.add(Checkpoint.GLOBAL_STEP);
    values.add(step);
    return tf.train.save(
        prefix, RestoreOps.strings(tf, names), RestoreOps.wholes(tf, names.size()), values);
  }

  private List<Op> addRestore(Ops tf, Map<String, VarHandleOp> variables) {
    if (variables.isEmpty()) {
      return List.of();
    }
    List<Operand<TFloat32>> values =
        RestoreOps.values(tf, prefix, List.copyOf(variables.keySet()), TFloat32.class);
    List<Op> assignments = new ArrayList<>();
    int i = 0;
    for (VarHandleOp handle : variables.values()) {
      assignments.add(tf.assignVariableOp(handle, values.get(i++)));
    }
    return assignments;
  }

  /**
   * Writes all variables.
   *
   * @param steps the training steps done
   * @throws AtrousException if the disk does not take it
   */
  public void save(Session session, Path path, long steps) {
    try (TString file = TString.scalarOf(path.toString());
        TInt64 done = TInt64.scalarOf(steps)) {
      session.runner().feed(prefix, file).feed(step, done).addTarget(save).run().close();
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(
          e, cause -> WriteFailure.of("The checkpoint " + path, cause));
    }
  }

  /**
   * Reads weights and momenta.
   *
   * @return the training steps done
   * @throws AtrousException if a variable is missing, has another shape, or the files are damaged;
   *     the variables are then not to be used
   */
  public long restore(Session session, Checkpoint checkpoint) {
    Map<String, Shape> wanted = new LinkedHashMap<>(weightShapes);
    wanted.putAll(momentumShapes);
    wanted.put(Checkpoint.GLOBAL_STEP, Shape.scalar());
    checkpoint.require(
        wanted,
        differing ->
            momentumShapes.keySet().containsAll(differing)
                ? OTHER_OPTIMIZER
                : Checkpoint.SAME_MODEL);
    try (TString file = TString.scalarOf(PlainPaths.of(checkpoint.prefix()));
        Result result = assigning(session, file, restore).fetch(restoredStep).run()) {
      return ((TInt64) result.get(0)).getLong();
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(
          e, cause -> Checkpoint.unreadable(checkpoint.prefix(), cause));
    }
  }

  /**
   * Reads the weights alone; otherwise as {@link #restore}.
   *
   * @param skipClassifier whether those of {@link Parameter#isOfClassifier} stay as they are, for a
   *     checkpoint of a model with other classes
   */
  public void restoreWeights(Session session, Checkpoint checkpoint, boolean skipClassifier) {
    Map<String, Shape> wanted = new LinkedHashMap<>(weightShapes);
    List<Op> assignments = new ArrayList<>(body);
    if (skipClassifier) {
      wanted.keySet().removeIf(Parameter::isOfClassifier);
    } else {
      assignments.addAll(classifier);
    }
    checkpoint.require(wanted, CheckpointOps::remedy);
    RestoreOps.run(session, prefix, checkpoint, assignments);
  }

  /** What to do about weights that do not fit. */
  private static String remedy(Set<String> differing) {
    return differing.stream().allMatch(Parameter::isOfClassifier)
        ? "Only the layers that give class scores differ, as between models of other classes. To"
            + " start these from initial values and take all others: --skip-classifier"
            + " (TrainingOptions.skipClassifier)."
        : Checkpoint.SAME_MODEL;
  }

  private Session.Runner assigning(Session session, TString file, List<Op> assignments) {
    Session.Runner runner = session.runner().feed(prefix, file);
    assignments.forEach(runner::addTarget);
    return runner;
  }
}
