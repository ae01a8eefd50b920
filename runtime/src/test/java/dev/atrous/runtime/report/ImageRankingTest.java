package dev.atrous.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageRankingTest {
  private static List<String> chosen(double... mious) {
    ImageRanking ranking = new ImageRanking();
    for (int i = 0; i < mious.length; i++) {
      ranking.add(new ImageRanking.Score(i, mious[i], 0.5));
    }
    return ranking.choices().stream()
        .map(choice -> choice.kind() + " " + choice.score().index())
        .toList();
  }

  @Test
  void fewImagesAreNotShownTwice() {
    assertThat(chosen()).isEmpty();
    assertThat(chosen(Double.NaN)).isEmpty();
    assertThat(chosen(0.5)).containsExactly("BEST 0");
    assertThat(chosen(0.5, 0.7)).containsExactly("BEST 1", "WORST 0");
    assertThat(chosen(0.5, Double.NaN, 0.7, 0.6)).containsExactly("BEST 2", "MEDIAN 3", "WORST 0");
    assertThat(chosen(0.1, 0.2, 0.3, 0.4, 0.5)).containsExactly("BEST 4", "MEDIAN 2", "WORST 0");
  }

  @Test
  void ofManyThereAreThreeOfAKind() {
    assertThat(chosen(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0))
        .containsExactly(
            "BEST 10",
            "BEST 9",
            "BEST 8",
            "MEDIAN 6",
            "MEDIAN 5",
            "MEDIAN 4",
            "WORST 2",
            "WORST 1",
            "WORST 0");
  }
}
