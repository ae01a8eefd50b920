package dev.atrous.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.tensorflow.Timeline;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeShareTest {
  private static Timeline.Event event(String operation, long start, long end) {
    return new Timeline.Event("/cpu:0", operation, operation, start, end - start);
  }

  @Test
  void isHiddenWhereSomethingElseRuns() {
    List<Timeline.Event> events =
        List.of(
            event("Conv2D", 0, 100),
            event("CollectiveReduceV2", 60, 160), // the first 40 beside the convolution
            event("RecvBuf", 70, 150),
            event("CollectiveReduceV2", 140, 200), // 20 of it beside the first sum
            event("AddN", 180, 190),
            event("Mul", 185, 195), // 15 beside either
            event("Sum", 300, 400));

    assertThat(ExchangeShare.of(events)).contains(new ExchangeShare(140e-6, 55e-6));
  }

  @Test
  void ofOneWorkerThereIsNone() {
    assertThat(ExchangeShare.of(List.of(event("Conv2D", 0, 100)))).isEmpty();
  }
}
