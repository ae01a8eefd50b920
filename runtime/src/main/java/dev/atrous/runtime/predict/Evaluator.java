package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
  private final int batchSize;
  private final boolean loss;

  /**
   * Of one image after another.
   *
   * @param predictor is not closed
   */
  public Evaluator(Predictor predictor) {
    this(predictor, 1);
  }

  /**
   * @param predictor is not closed
   * @param batchSize images to load and to predict together, at least 1
   */
  public Evaluator(Predictor predictor, int batchSize) {
    this(predictor, batchSize, false);
  }

  private Evaluator(Predictor predictor, int batchSize, boolean loss) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch of " + batchSize + " images");
    }
    this.predictor = predictor;
    this.batchSize = batchSize;
    this.loss = loss;
  }

  /** The same with the loss, for a predictor that averages nothing. */
  public Evaluator withLoss() {
    return new Evaluator(predictor, batchSize, true);
  }

  /** Evaluates all images of a data set; see {@link #evaluate(Dataset, IntConsumer)}. */
  public EvaluationResult evaluate(Dataset data) {
    return evaluate(data, done -> {});
  }

  /**
   * Evaluates all images of a data set. An interrupt of the thread ends it after a batch; the
   * result is then that of the images so far.
   *
   * @param progress is told the number of images done, after each batch
   * @throws AtrousException if the data set has other classes than the model, or an image or mask
   *     can't be used
   * @throws IllegalStateException if the loss is asked for where views are averaged
   */
  public EvaluationResult evaluate(Dataset data, IntConsumer progress) {
    return evaluate(data, progress, result -> {});
  }

  /**
   * As {@link #evaluate(Dataset, IntConsumer)}, and says how good each image is.
   *
   * @param progress is told the number of images done, after each batch
   * @param results is given that of each image, in their order
   * @throws AtrousException if the data set has other classes than the model, or an image or mask
   *     can't be used
   */
  public EvaluationResult evaluate(
      Dataset data, IntConsumer progress, Consumer<ImageResult> results) {
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
    Dataset samples = data.withPixels(predictor.pixels());
    ConfusionMatrix confusion = new ConfusionMatrix(data.classes());
    long start = System.nanoTime();
    int images = 0;
    double[] crossEntropy = {0};
    while (images < data.size() && !Thread.currentThread().isInterrupted()) {
      int end = Math.min(images + batchSize, data.size());
      List<LabelledImage> batch;
      try {
        batch = load(samples, images, end);
      } catch (Interruption e) {
        break;
      }
      List<LabelMap> labels =
          loss
              ? predictor.predict(batch, sum -> crossEntropy[0] += sum)
              : predictor.predict(batch.stream().map(LabelledImage::image).toList());
      for (int i = 0; i < batch.size(); i++) {
        ConfusionMatrix ofImage = new ConfusionMatrix(data.classes());
        ofImage.add(batch.get(i).labels().labels(), labels.get(i).labels());
        confusion.merge(ofImage);
        results.accept(new ImageResult(images + i, batch.get(i), labels.get(i), ofImage));
      }
      images = end;
      progress.accept(images);
    }
    return new EvaluationResult(
        confusion,
        images,
        images * 1e9 / (System.nanoTime() - start),
        loss ? crossEntropy[0] / confusion.pixels() : Double.NaN);
  }

  private List<LabelledImage> load(Dataset data, int first, int end) {
    List<LabelledImage> samples = new ArrayList<>();
    for (int index = first; index < end; index++) {
      LabelledImage sample = data.load(index);
      sample.requireClasses(data, index);
      sample.requirePixels(data, index, predictor.pixels());
      samples.add(sample);
    }
    return samples;
  }
}
