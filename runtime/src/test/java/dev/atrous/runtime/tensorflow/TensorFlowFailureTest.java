package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.AtrousException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;

class TensorFlowFailureTest {

  static List<RuntimeException> ofTensorFlow() {
    return List.of(
        new TensorFlowException("it failed"),
        new TFResourceExhaustedException("it failed"),
        new TFInvalidArgumentException("it failed"),
        new TFUnimplementedException("it failed"));
  }

  @ParameterizedTest
  @MethodSource("ofTensorFlow")
  void whatTensorFlowThrowsIsExplained(RuntimeException thrown) {
    assertThat(explained(thrown))
        .isInstanceOf(AtrousException.class)
        .hasMessage("explained: it failed")
        .hasCause(thrown);
  }

  @Test
  void whatOthersThrowRemains() {
    for (RuntimeException thrown :
        List.of(
            new IllegalArgumentException("no"),
            new UnsupportedOperationException("no"),
            new AtrousException("no"))) {
      assertThat(explained(thrown)).isSameAs(thrown);
    }
  }

  private static RuntimeException explained(RuntimeException thrown) {
    return TensorFlowFailure.explained(
        thrown, cause -> new AtrousException("explained: " + cause.getMessage(), cause));
  }
}
