package dev.atrous.runtime.cli;

import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.report.ImageRanking;
import dev.atrous.runtime.train.StepReport;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.ValidatedImage;
import dev.atrous.runtime.train.ValidationReport;
import java.util.Optional;

/** What the last validation of a training found of its images, for the report at the end. */
final class ValidationScores implements TrainingListener {
  /**
   * What is found of images.
   *
   * @param confusion over all of them
   * @param ranking of each
   */
  record Scores(ConfusionMatrix confusion, ImageRanking ranking) {
    /** Of no image. */
    static Scores none(int classes) {
      return new Scores(new ConfusionMatrix(classes), new ImageRanking());
    }

    /** Adds an image. */
    void add(int index, ConfusionMatrix ofImage) {
      confusion.merge(ofImage);
      ranking.add(ImageRanking.Score.of(index, ofImage));
    }
  }

  private Scores scores;
  private long step = -1; // of the validation, when it is complete
  private int seen;
  private int all;

  /**
   * @param classes of the model
   */
  ValidationScores(int classes) {
    scores = Scores.none(classes);
  }

  /** Those of the weights after a step; empty if these were not validated. */
  Optional<Scores> of(long steps) {
    return step == steps ? Optional.of(scores) : Optional.empty();
  }

  @Override
  public void onStep(StepReport report) {}

  @Override
  public void onValidatedImage(ValidatedImage image) {
    if (image.index() == 0) {
      scores = Scores.none(image.confusion().classes());
      step = -1;
      seen = 0;
    }
    scores.add(image.index(), image.confusion());
    seen++;
    all = image.images();
  }

  @Override
  public void onValidation(ValidationReport report) {
    step = seen == all ? report.step() : -1; // other workers validate on some of the images
  }
}
