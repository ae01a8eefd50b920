package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlidingWindowTest {
  @Test
  void theLastWindowIsMovedBack() {
    SlidingWindow window = new SlidingWindow(10, 4);
    assertThat(window.starts(3)).containsExactly(0);
    assertThat(window.starts(10)).containsExactly(0);
    assertThat(window.starts(11)).containsExactly(0, 1);
    assertThat(window.starts(16)).containsExactly(0, 6);
    assertThat(window.starts(17)).containsExactly(0, 6, 7);
    assertThat(new SlidingWindow(10, 0).starts(30)).containsExactly(0, 10, 20);
    assertThat(new SlidingWindow(1, 0).starts(3)).containsExactly(0, 1, 2);
  }

  @ParameterizedTest
  @CsvSource({"1,0", "2,1", "7,0", "7,3", "7,6", "64,21"})
  void windowsCoverEveryPixelAndLieInside(int size, int overlap) {
    SlidingWindow window = new SlidingWindow(size, overlap);
    for (int length = 1; length < 200; length++) {
      List<Integer> starts = window.starts(length);
      int covered = 0;
      for (int start : starts) {
        assertThat(start).isBetween(0, Math.max(0, covered - Math.min(overlap, length - 1)));
        covered = start + Math.min(size, length);
        assertThat(covered).isLessThanOrEqualTo(length);
      }
      assertThat(covered).isEqualTo(length);
      assertThat(starts).doesNotHaveDuplicates().isSorted();
    }
  }

  @Test
  void neighboursShareAThird() {
    assertThat(SlidingWindow.of(513)).isEqualTo(new SlidingWindow(513, 171));
    assertThat(SlidingWindow.of(1)).isEqualTo(new SlidingWindow(1, 0));
  }

  @Test
  void mistakesAreExplained() {
    assertThatThrownBy(() -> SlidingWindow.of(0))
        .isInstanceOf(AtrousException.class)
        .hasMessage("The window is 0; it must be at least 1 pixel.");
    assertThatThrownBy(() -> SlidingWindow.of(-5)).hasMessageContaining("The window is -5");
    assertThatThrownBy(() -> new SlidingWindow(10, 10))
        .isInstanceOf(AtrousException.class)
        .hasMessage("The overlap is 10; with a window of 10 pixels it must be 0 to 9.");
    assertThatThrownBy(() -> new SlidingWindow(10, -1)).hasMessageContaining("The overlap is -1");
  }
}
