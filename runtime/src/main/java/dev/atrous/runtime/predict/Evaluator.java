package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.data.VocDataset;
import dev.atrous.runtime.metric.ConfusionMatrix;
import java.util.function.IntConsumer;

/**
 * Compares the predictions for a data set with its masks.
 *
 * <pre>{@code
 * double meanIou = new Evaluator(predictor).evaluate(validation).confusion().meanIou();
 * }</pre>
 */
public final class Evaluator {
  private final Predictor predictor;

  /**
   * @param predictor is not closed
   */
  public Evaluator(Predictor predictor) {
    this.predictor = predictor;
  }

  /** Evaluates all images of a data set; see {@link #evaluate(VocDataset, IntConsumer)}. */
  public EvaluationResult evaluate(VocDataset data) {
    return evaluate(data, done -> {});
  }

  /**
   * Evaluates all images of a data set. An interrupt of the thread ends it after an image; the
   * result is then that of the images so far.
   *
   * @param progress is told the number of images done, after each
   * @throws AtrousException if the data set has other classes than the model, or an image or mask
   *     can't be used
   */
  public EvaluationResult evaluate(VocDataset data, IntConsumer progress) {
    if (data.classes() != predictor.classes()) {
      throw new AtrousException(
          "The data set "
              + data.name()
              + " has "
              + data.classes()
              + " classes, the model "
              + predictor.classes()
              + ". Evaluate a model with the data set that it was trained for.");
    }
    ConfusionMatrix confusion = new ConfusionMatrix(data.classes());
    long start = System.nanoTime();
    int images = 0;
    for (VocDataset.Sample sample : data.samples()) {
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
      LabelledImage loaded = data.load(sample);
      confusion.add(loaded.labels().labels(), predictor.predict(loaded.image()).labels());
      progress.accept(++images);
    }
    return new EvaluationResult(confusion, images, images * 1e9 / (System.nanoTime() - start));
  }
}
