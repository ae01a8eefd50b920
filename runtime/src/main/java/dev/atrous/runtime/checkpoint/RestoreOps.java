package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.Restore;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** The operations that read tensors of a checkpoint by their names, and how they run. */
final class RestoreOps {
  private RestoreOps() {}

  /** The tensors of the given names, all of one type, read in one go. */
  static <T extends TType> List<Operand<T>> values(
      Ops tf, Operand<TString> prefix, List<String> names, Class<T> type) {
    List<Operand<T>> values = new ArrayList<>();
    Restore restored =
        tf.train.restore(
            prefix,
            strings(tf, names),
            wholes(tf, names.size()),
            Collections.nCopies(names.size(), type));
    for (Output<?> value : restored.tensors()) {
      values.add(value.expect(type));
    }
    return values;
  }

  /**
   * Runs operations on what is read of a checkpoint.
   *
   * @throws dev.atrous.runtime.AtrousException if its files are damaged
   */
  static void run(
      Session session,
      Operand<TString> prefix,
      Checkpoint checkpoint,
      List<? extends Op> operations) {
    try (Feeds feeds = new Feeds(session)) {
      feeds.own(prefix, TString.scalarOf(PlainPaths.of(checkpoint.prefix())));
      feeds.perform(operations);
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(
          e, cause -> Checkpoint.unreadable(checkpoint.prefix(), cause));
    }
  }

  static Operand<TString> strings(Ops tf, List<String> values) {
    return tf.array(values.toArray(new String[0]));
  }

  /** That whole tensors are meant, not slices of partitioned ones. */
  static Operand<TString> wholes(Ops tf, int count) {
    return strings(tf, Collections.nCopies(count, ""));
  }
}
