package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.WorkerProbe;
import dev.atrous.runtime.tensorflow.WorkerServer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Numbers that workers tell each other between steps. Each puts its own into its row of a table of
 * zeros, in pieces that float32 holds exactly; the sum of the tables is what all have. All workers
 * exchange the same kinds of numbers in the same order.
 */
final class WorkerExchange implements AutoCloseable {
  private static final int PIECES = 4;
  private static final int BITS = 16;

  private final @Nullable WorkerServer server;
  private final Map<Integer, Table> tables = new LinkedHashMap<>(); // by their length

  /**
   * @param server of this worker; null if it trains alone
   */
  WorkerExchange(@Nullable WorkerServer server) {
    this.server = server;
  }

  private record Table(
      Graph graph, Session session, Placeholder<TFloat32> own, Operand<TFloat32> all)
      implements AutoCloseable {
    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  /**
   * The numbers of all workers.
   *
   * @param own as many on every worker
   * @return by rank
   * @throws AtrousException if a worker does not take part in time
   */
  long[][] gather(long... own) {
    if (server == null) {
      return new long[][] {own};
    }
    float[] pieces = new float[own.length * PIECES];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = own[i / PIECES] >>> (i % PIECES * BITS) & ((1 << BITS) - 1);
    }
    float[] rows = rows(pieces);
    long[][] all = new long[rows.length / pieces.length][own.length];
    for (int i = 0; i < rows.length; i++) {
      int number = i % pieces.length / PIECES;
      all[i / pieces.length][number] |= (long) rows[i] << (i % PIECES * BITS);
    }
    return all;
  }

  /**
   * The rows of all workers, one behind the other in the order of their ranks.
   *
   * @param own as many numbers on every worker, each one that float32 holds exactly
   * @throws AtrousException if a worker does not take part in time
   */
  float[] rows(float[] own) {
    if (server == null) {
      return own;
    }
    float[] table = new float[server.group().size() * own.length];
    System.arraycopy(own, 0, table, server.group().rank() * own.length, own.length);
    return sum(server, table);
  }

  private float[] sum(WorkerServer here, float[] own) {
    Table table = tables.computeIfAbsent(own.length, length -> table(here, length));
    try (Feeds feeds = new Feeds(table.session, here.limit());
        Result result = feeds.feed(table.own, own).fetch(table.all)) {
      float[] sum = new float[own.length];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(sum);
      return sum;
    } catch (RuntimeException e) {
      throw failed(here, e);
    }
  }

  private static Table table(WorkerServer here, int length) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> own = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(length)));
    Operand<TFloat32> all = new WorkerCollectives(here.group()).sum(tf, own);
    return new Table(graph, here.open(graph), own, all);
  }

  /** That a sum over the workers could not be computed. */
  static AtrousException failed(WorkerServer here, RuntimeException cause) {
    return new AtrousException(
        WorkerProbe.fault(here, cause)
            .orElseGet(() -> "The workers can't exchange numbers: " + cause.getMessage()),
        cause);
  }

  /** Whether all workers say yes. */
  boolean all(boolean own) {
    for (long[] worker : gather(own ? 1 : 0)) {
      if (worker[0] == 0) {
        return false;
      }
    }
    return true;
  }

  /** What worker 0 says; of the others, all are asked. */
  boolean leaders(boolean own) {
    return gather(own ? 1 : 0)[0][0] != 0;
  }

  /** The sum of a number over the workers, in the order of their ranks. */
  double sum(double own) {
    double sum = 0;
    for (long[] worker : gather(Double.doubleToLongBits(own))) {
      sum += Double.longBitsToDouble(worker[0]);
    }
    return sum;
  }

  @Override
  public void close() {
    tables.values().forEach(Table::close);
    tables.clear();
  }
}
