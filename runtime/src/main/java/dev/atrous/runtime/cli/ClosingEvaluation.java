package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.report.ImageRanking;
import dev.atrous.runtime.report.ShownImage;
import dev.atrous.runtime.train.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
   * Evaluates the split {@code val} of the folder that a run was trained on.
   *
   * @param weights the directory of the run
   * @param progress of a number of images is told how many are done
   * @throws AtrousException if there is no such split, or it is that of the training, an image
   *     can't be used, or the thread is interrupted meanwhile
   */
  static ClosingEvaluation of(
      CompiledModel model,
      TrainingOptions options,
      FolderDataset trained,
      Path weights,
      IntFunction<IntConsumer> progress) {
    if (trained.split().equals(SPLIT)) {
      throw new AtrousException("The model was trained on the split val itself.");
    }
    int classes = model.description().classes();
    FolderDataset data =
        FolderDataset.open(trained.root(), SPLIT, classes, trained.reading())
            .withPixels(ImageInput.of(model.description()).format());
    PredictorOptions inference =
        PredictorOptions.of(model.description(), weights)
            .withDevice(options.device())
            .withThreads(options.threads())
            .withPrecision(options.precision());
    ImageRanking ranking = new ImageRanking();
    try (Predictor predictor = new Predictor(model, inference)) {
      EvaluationResult result =
          new Evaluator(predictor)
              .evaluate(
                  data,
                  progress.apply(data.size()),
                  (index, confusion) -> ranking.add(ImageRanking.Score.of(index, confusion)));
      if (Thread.interrupted() || result.images() < data.size()) { // a page is still written
        throw new AtrousException("It was interrupted.");
      }
      return new ClosingEvaluation(
          data.name(), result.confusion(), shown(ranking, data, predictor));
    }
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
