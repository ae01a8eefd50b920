package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.report.ImageRanking;
import dev.atrous.runtime.report.ShownImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * How good the weights at the end of a training are on images that it has not seen.
 *
 * @param data what was evaluated on
 * @param confusion over all its images
 * @param shown the best of them, those in the middle, and the worst
 */
record ClosingEvaluation(String data, ConfusionMatrix confusion, List<ShownImage> shown) {
  private static final String SPLIT = "val";

  /**
   * Evaluates the split {@code val} of the folder that a run was trained on. If the run has just
   * validated the same weights on it, that is taken.
   *
   * @param step of the newest checkpoint of the run
   * @param progress of a number of images is told how many are done
   * @throws AtrousException if there is no such split, or it is that of the training, or an image
   *     can't be used
   * @throws Interruption if the thread is interrupted meanwhile
   */
  static ClosingEvaluation of(TrainRun run, long step, IntFunction<IntConsumer> progress) {
    if (run.data().split().equals(SPLIT)) {
      throw new AtrousException("The model was trained on the split val itself.");
    }
    FolderDataset data = data(run);
    PredictorOptions inference =
        PredictorOptions.of(run.model(), run.directory())
            .withCrop(run.options().crop())
            .withDevice(run.options().device())
            .withThreads(run.options().threads())
            .withPrecision(run.options().precision());
    try (Predictor predictor = new Predictor(run.compiled(), inference)) {
      Optional<ValidationScores.Scores> known =
          data == run.validation() ? run.scores().of(step) : Optional.empty();
      ValidationScores.Scores scores = known.orElseGet(() -> evaluated(data, predictor, progress));
      return new ClosingEvaluation(
          data.name(), scores.confusion(), shown(scores.ranking(), data, predictor));
    }
  }

  /** What is validated on, if that is the split. */
  private static FolderDataset data(TrainRun run) {
    FolderDataset validated = run.validation();
    return validated != null && validated.split().equals(SPLIT)
        ? validated
        : FolderDataset.open(run.data().root(), SPLIT, run.model().classes(), run.data().reading())
            .withPixels(ImageInput.of(run.model()).format());
  }

  private static ValidationScores.Scores evaluated(
      FolderDataset data, Predictor predictor, IntFunction<IntConsumer> progress) {
    ValidationScores.Scores scores = ValidationScores.Scores.none(data.classes());
    EvaluationResult result =
        new Evaluator(predictor)
            .evaluate(
                data,
                progress.apply(data.size()),
                image -> scores.add(image.index(), image.confusion()));
    if (result.images() < data.size()) {
      throw new Interruption();
    }
    return scores;
  }

  /** Labels the chosen images again, since they are not kept meanwhile. */
  static List<ShownImage> shown(ImageRanking ranking, FolderDataset data, Predictor predictor) {
    FolderDataset samples = data.withPixels(predictor.pixels());
    List<ShownImage> shown = new ArrayList<>();
    for (ImageRanking.Choice choice : ranking.choices()) {
      int index = choice.score().index();
      LabelledImage sample = samples.load(index);
      shown.add(
          ShownImage.of(choice, data.sampleName(index), sample, predictor.predict(sample.image())));
    }
    return shown;
  }
}
