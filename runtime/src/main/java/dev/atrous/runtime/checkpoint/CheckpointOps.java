package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
  private final Map<String, VarHandleOp> variables;
  private final Ops tf;
  private final Map<String, Op> weights;
  private final List<Op> momenta;

  /**
   * Adds the operations.
   *
   * @param weights by their names in the checkpoint
   * @param momenta by their names in the checkpoint; read by {@link #restore} alone
   */
  public CheckpointOps(
      Ops graph, Map<String, VarHandleOp> weights, Map<String, VarHandleOp> momenta) {
    tf = graph.withSubScope("save");
    variables = new LinkedHashMap<>(weights);
    variables.putAll(momenta);
    weightShapes = shapes(weights);
    momentumShapes = shapes(momenta);
    prefix = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    save = addSave();
    this.weights = addRestore(weights);
    this.momenta = List.copyOf(addRestore(momenta).values());
    restoredStep =
        RestoreOps.values(tf, prefix, List.of(Checkpoint.GLOBAL_STEP), TInt64.class).get(0);
  }

  private static Map<String, Shape> shapes(Map<String, VarHandleOp> variables) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    variables.forEach(
        (name, handle) ->
            shapes.put(name, ((GraphOperation) handle.op()).attributes().getAttrShape("shape")));
    return shapes;
  }

  private Save addSave() {
    List<String> names = new ArrayList<>(variables.keySet());
    List<Operand<?>> values = new ArrayList<>();
    variables.values().forEach(handle -> values.add(tf.readVariableOp(handle, TFloat32.class)));
    names.add(Checkpoint.GLOBAL_STEP);
    values.add(step);
    return tf.train.save(
        prefix, RestoreOps.strings(tf, names), RestoreOps.wholes(tf, names.size()), values);
  }

  /**
   * What reads variables of a checkpoint, by their names. Those that not every checkpoint has are
   * read by themselves: an operation reads all of its variables or fails.
   */
  private Map<String, Op> addRestore(Map<String, VarHandleOp> all) {
    Map<String, Op> assignments = new LinkedHashMap<>();
    all.keySet().stream()
        .collect(Collectors.groupingBy(Reading::of, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(
            names -> {
              List<Operand<TFloat32>> values = RestoreOps.values(tf, prefix, names, TFloat32.class);
              for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                assignments.put(name, tf.assignVariableOp(handle(name), values.get(i)));
              }
            });
    return assignments;
  }

  /** Variables that are read together. */
  private enum Reading {
    CLASSIFIER,
    BANDS,
    OTHERS;

    static Reading of(String name) {
      return Parameter.isOfClassifier(name)
          ? CLASSIFIER
          : Parameter.isOfBands(name) ? BANDS : OTHERS;
    }
  }

  private VarHandleOp handle(String name) {
    VarHandleOp handle = variables.get(name);
    if (handle == null) {
      throw new IllegalArgumentException("no variable is named " + name);
    }
    return handle;
  }

  /**
   * Writes all variables.
   *
   * @param steps the training steps done
   * @throws AtrousException if the disk does not take it
   */
  public void save(Session session, Path path, long steps) {
    try (Feeds feeds = new Feeds(session)) {
      feeds.own(prefix, TString.scalarOf(path.toString())).feed(step, steps);
      feeds.perform(List.of(save));
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
        Result result = assigning(session, file).fetch(restoredStep).run()) {
      return ((TInt64) result.get(0)).getLong();
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(
          e, cause -> Checkpoint.unreadable(checkpoint.prefix(), cause));
    }
  }

  /**
   * Reads the weights alone; otherwise as {@link #restore}.
   *
   * @param others names of weights that stay as they are, and need not be in the checkpoint: those
   *     of the classifier for a checkpoint of a model with other classes, and those that {@link
   *     #set are set}
   */
  public void restoreWeights(Session session, Checkpoint checkpoint, Set<String> others) {
    Map<String, Shape> wanted = new LinkedHashMap<>(weightShapes);
    wanted.keySet().removeAll(others);
    checkpoint.require(wanted, differing -> remedy(differing, checkpoint));
    List<Op> assignments = new ArrayList<>();
    weights.forEach(
        (name, assignment) -> {
          if (!others.contains(name)) {
            assignments.add(assignment);
          }
        });
    RestoreOps.run(session, prefix, checkpoint, assignments);
  }

  /**
   * Sets variables.
   *
   * @param values by their names, row-major in their shapes
   */
  public void set(Session session, Map<String, float[]> values) {
    List<Op> assignments = new ArrayList<>();
    try (Feeds feeds = new Feeds(session)) {
      values.forEach(
          (name, elements) -> {
            Placeholder<TFloat32> value =
                tf.placeholder(TFloat32.class, Placeholder.shape(weightShapes.get(name)));
            assignments.add(tf.assignVariableOp(handle(name), value));
            feeds.feed(value, value.shape(), elements);
          });
      feeds.perform(assignments);
    }
  }

  /** What to do about weights that do not fit. */
  private static String remedy(Set<String> differing, Checkpoint checkpoint) {
    if (differing.stream().allMatch(Parameter::isOfClassifier)) {
      return "Only the layers that give class scores differ, as between models of other classes. To"
          + " start these from initial values and take all others: --skip-classifier"
          + " (TrainingOptions.skipClassifier).";
    }
    return checkpoint.ofOtherBands(differing)
        ? Checkpoint.OTHER_BANDS
            + " Weights for three, which are red, green and blue, can start a"
            + " training of this model; these are for another number."
        : Checkpoint.SAME_MODEL;
  }

  private Session.Runner assigning(Session session, TString file) {
    Session.Runner runner = session.runner().feed(prefix, file);
    weights.values().forEach(runner::addTarget);
    momenta.forEach(runner::addTarget);
    return runner;
  }
}
