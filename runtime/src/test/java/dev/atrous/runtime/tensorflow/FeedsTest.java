package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;

class FeedsTest {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
  private final Placeholder<TFloat32> y = tf.placeholder(TFloat32.class);
  private final Operand<TFloat32> sum = tf.math.add(x, y);
  private final Session session = new Session(graph);

  @BeforeAll
  static void load() {
    NativeLibrary.load();
  }

  @AfterEach
  void close() {
    session.close();
    graph.close();
  }

  @Test
  void closesItsOwnTensorsAlone() {
    TFloat32 own = TFloat32.scalarOf(1);
    try (TFloat32 other = TFloat32.scalarOf(2)) {
      try (Feeds feeds = new Feeds(session);
          Result result = feeds.own(x, own).feed(y, other).fetch(sum)) {
        assertThat(((TFloat32) result.get(0)).getFloat()).isEqualTo(3);
      }
      assertThat(isClosed(own)).isTrue();
      assertThat(isClosed(other)).isFalse();
    }
  }

  @Test
  void closesATensorThatCannotBeFed() {
    TFloat32 own = TFloat32.scalarOf(1);
    Placeholder<TFloat32> stranger;
    try (Graph other = new Graph()) {
      stranger = Ops.create(other).placeholder(TFloat32.class);
    }
    assertThatThrownBy(
            () -> {
              try (Feeds feeds = new Feeds(session)) {
                feeds.own(stranger, own);
              }
            })
        .isInstanceOf(RuntimeException.class);
    assertThat(isClosed(own)).isTrue();
  }

  @Test
  void recordsWithinItsOptions() {
    RunOptions limit = RunOptions.newBuilder().setTimeoutInMs(60_000).build();
    try (Feeds feeds = new Feeds(session, limit)) {
      assertThat(feeds.feed(x, 1f).feed(y, 2f).record(sum).events())
          .anyMatch(event -> event.operation().equals("Add"));
    }
  }

  private static boolean isClosed(Tensor tensor) {
    try {
      tensor.asRawTensor().data().getByte(0);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
