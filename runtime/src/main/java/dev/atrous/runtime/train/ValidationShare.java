package dev.atrous.runtime.train;

import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.ImageResult;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The images that a worker validates on: every n-th of a data set, of n workers. What they find is
 * added up, so all have the same result, which is that of one worker.
 */
final class ValidationShare {
  private final Dataset data;
  private final WorkerGroup workers;
  private final WorkerExchange exchange;

  ValidationShare(Dataset data, WorkerGroup workers, WorkerExchange exchange) {
    this.data = data;
    this.workers = workers;
    this.exchange = exchange;
  }

  /**
   * Evaluates the images of all workers.
   *
   * @param evaluator with the loss
   * @param results is given those of this worker's images
   */
  EvaluationResult evaluate(Evaluator evaluator, Consumer<ImageResult> results) {
    if (workers.isAlone()) {
      return evaluator.evaluate(data, done -> {}, results);
    }
    long begin = System.nanoTime();
    ConfusionMatrix confusion = new ConfusionMatrix(data.classes());
    int images = 0;
    double crossEntropy = 0;
    if (workers.rank() < data.size()) {
      EvaluationResult own =
          evaluator.evaluate(
              new Share(data, workers.rank(), workers.size()),
              done -> {},
              image -> results.accept(image.at(index(image.index()))));
      confusion.merge(own.confusion());
      images = own.images();
      crossEntropy = own.confusion().pixels() == 0 ? 0 : own.loss() * own.confusion().pixels();
    }
    return sum(confusion, images, crossEntropy, begin);
  }

  private EvaluationResult sum(ConfusionMatrix own, int images, double crossEntropy, long begin) {
    long[] counts = own.counts();
    long[] numbers = new long[counts.length + 2];
    System.arraycopy(counts, 0, numbers, 2, counts.length);
    numbers[0] = images;
    numbers[1] = Double.doubleToLongBits(crossEntropy);
    ConfusionMatrix all = new ConfusionMatrix(data.classes());
    int done = 0;
    double loss = 0;
    for (long[] worker : exchange.gather(numbers)) {
      done += Math.toIntExact(worker[0]);
      loss += Double.longBitsToDouble(worker[1]);
      System.arraycopy(worker, 2, counts, 0, counts.length);
      all.merge(ConfusionMatrix.of(data.classes(), counts));
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new EvaluationResult(all, done, done / seconds, loss / all.pixels());
  }

  private int index(int ofShare) {
    return workers.rank() + ofShare * workers.size();
  }

  /** Every n-th sample. */
  private record Share(Dataset whole, int first, int every) implements Dataset {
    @Override
    public String name() {
      return whole.name();
    }

    @Override
    public int classes() {
      return whole.classes();
    }

    @Override
    public int size() {
      return (whole.size() - first + every - 1) / every;
    }

    @Override
    public String sampleName(int index) {
      return whole.sampleName(first + index * every);
    }

    @Override
    public Optional<Path> file(int index) {
      return whole.file(first + index * every);
    }

    @Override
    public Dataset withPixels(PixelFormat format) {
      return new Share(whole.withPixels(format), first, every);
    }

    @Override
    public LabelledImage load(int index) {
      return whole.load(first + index * every);
    }
  }
}
