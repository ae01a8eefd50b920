package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Version;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.WorkerSums;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.WorkerServer;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * The sum of gradients over workers, without the step that makes them. All workers run it, as often
 * and with the same values.
 */
public final class GradientExchange implements AutoCloseable {
  private final WorkerServer server;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<Op> sums = new ArrayList<>();

  /**
   * Makes the gradients, of zeros.
   *
   * @param server of this worker
   * @param wire what they are sent in
   * @param elements how many, at least 1; they are sent in buckets, as in a step
   */
  public GradientExchange(WorkerServer server, Wire wire, long elements) {
    this.server = server;
    Ops tf = Ops.create(graph);
    WorkerCollectives workers = new WorkerCollectives(server.group(), wire);
    List<Op> zeros = new ArrayList<>();
    for (long begin = 0; begin < elements; begin += WorkerSums.BUCKET) {
      long[] shape = {Math.min(WorkerSums.BUCKET, elements - begin)};
      VarHandleOp gradients =
          tf.varHandleOp(
              TFloat32.class,
              Shape.of(shape),
              VarHandleOp.sharedName("exchange" + elements + "/" + begin));
      zeros.add(tf.assignVariableOp(gradients, tf.fill(tf.constant(shape), tf.constant(0f))));
      sums.add(workers.sumOfGradients(tf, tf.readVariableOp(gradients, TFloat32.class)));
    }
    session = server.open(graph);
    run(zeros);
  }

  /**
   * Checks that all workers are about to exchange the same.
   *
   * @param server of this worker
   * @param options of the steps whose gradients they are
   * @throws AtrousException that names the workers that differ, and in what
   */
  public static void requireAlike(
      WorkerServer server, CompiledModel model, TrainingOptions options) {
    RunRecord run = RunRecord.of(model.description(), options, null, null);
    StartRecord own =
        StartRecord.of(
            Version.text(), run, model.description(), server.device(), false, options.wire(), null);
    try (WorkerExchange exchange = new WorkerExchange(server)) {
      own.requireAlike(exchange.rows(own.row()));
    }
  }

  /** How many numbers the gradients of a model are. */
  public static long elements(CompiledModel model) {
    return model.parameters().stream()
        .filter(Parameter::trainable)
        .mapToLong(parameter -> parameter.shape().size())
        .sum();
  }

  /**
   * Adds them up once.
   *
   * @throws AtrousException if a worker does not take part in time
   */
  public void run() {
    try {
      run(sums);
    } catch (RuntimeException e) {
      throw WorkerExchange.failed(server, e);
    }
  }

  private void run(List<Op> targets) {
    try (Feeds feeds = new Feeds(session, server.limit())) {
      feeds.perform(targets);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
