package dev.atrous.runtime.report;

import dev.atrous.runtime.metric.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How good the predictions for the images of a data set are, by the mean IoU of each image alone:
 * over the classes that occur in its truth or its prediction. Images whose pixels the truth leaves
 * out, all of them, have none.
 */
public final class ImageRanking {
  private static final int OF_A_KIND = 3; // at most

  /** What an image is an example of. */
  public enum Kind {
    BEST,
    MEDIAN,
    WORST
  }

  /**
   * The result of an image.
   *
   * @param index of the sample
   * @param miou 0..1
   * @param accuracy share of its pixels that are right, 0..1
   */
  public record Score(int index, double miou, double accuracy) {
    /** The result of an image from the counts of its pixels. */
    public static Score of(int index, ConfusionMatrix confusion) {
      return new Score(index, confusion.meanIou(), confusion.pixelAccuracy());
    }
  }

  /** An image to show. */
  public record Choice(Kind kind, Score score) {}

  private final List<Score> scores = new ArrayList<>();

  /** Adds an image; one without a mean IoU is not ranked. */
  public void add(Score score) {
    if (!Double.isNaN(score.miou())) {
      scores.add(score);
    }
  }

  /**
   * The best first, those from the middle, and the worst, the very worst last: up to three of each,
   * none of them twice.
   */
  public List<Choice> choices() {
    List<Score> sorted = new ArrayList<>(scores);
    sorted.sort(
        Comparator.comparingDouble(Score::miou)
            .thenComparingDouble(Score::accuracy)
            .reversed()
            .thenComparingInt(Score::index));
    int size = sorted.size();
    int each = Math.max(1, Math.min(OF_A_KIND, size / 3));
    List<Choice> choices = new ArrayList<>();
    add(choices, Kind.BEST, sorted.subList(0, Math.min(each, size)));
    if (size > 2) {
      int first = (size - each) / 2;
      add(choices, Kind.MEDIAN, sorted.subList(first, first + each));
    }
    if (size > 1) {
      add(choices, Kind.WORST, sorted.subList(size - each, size));
    }
    return choices;
  }

  private static void add(List<Choice> choices, Kind kind, List<Score> scores) {
    scores.forEach(score -> choices.add(new Choice(kind, score)));
  }
}
