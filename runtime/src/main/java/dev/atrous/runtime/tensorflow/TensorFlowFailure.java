package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.util.function.Function;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;

/** That TensorFlow's library failed. Its exceptions have three types with no common one. */
public final class TensorFlowFailure {
  private TensorFlowFailure() {}

  /**
   * What to throw for an exception: its explanation if it is TensorFlow's, or else itself.
   *
   * @param explanation what the failure means to the user
   */
  public static RuntimeException explained(
      RuntimeException thrown, Function<RuntimeException, AtrousException> explanation) {
    return thrown instanceof TensorFlowException
            || thrown instanceof TFInvalidArgumentException
            || thrown instanceof TFUnimplementedException
        ? explanation.apply(thrown)
        : thrown;
  }
}
