package dev.atrous.runtime.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.Restore;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/** The operations that read tensors of a checkpoint by their names. */
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

  static Operand<TString> strings(Ops tf, List<String> values) {
    return tf.array(values.toArray(new String[0]));
  }

  /** That whole tensors are meant, not slices of partitioned ones. */
  static Operand<TString> wholes(Ops tf, int count) {
    return strings(tf, Collections.nCopies(count, ""));
  }
}
