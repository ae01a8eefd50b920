package dev.atrous.runtime.bench;

import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Timeline;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The labels of random images, the same in each run. */
public final class PredictionWork implements Workload {
  private final Predictor predictor;
  private final List<Image> images;

  /**
   * Builds the graph and reads the weights.
   *
   * @param height of the images in pixels
   * @param width of the images in pixels
   * @param batchSize images of a run
   */
  public PredictionWork(
      CompiledModel model, PredictorOptions options, int height, int width, int batchSize) {
    predictor = new Predictor(model, options);
    byte[] values = new byte[height * width * predictor.pixels().bytes()];
    new Random(1).nextBytes(values);
    images = Collections.nCopies(batchSize, new Image(width, height, predictor.pixels(), values));
  }

  @Override
  public void run() {
    predictor.predict(images);
  }

  @Override
  public Optional<Timeline> profile() {
    return Optional.of(predictor.profile(images));
  }

  @Override
  public int images() {
    return images.size();
  }

  @Override
  public void close() {
    predictor.close();
  }
}
