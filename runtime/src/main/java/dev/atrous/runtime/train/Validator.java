package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.ImageResult;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the weights of a run on a data set while it goes on, keeps the best, and says when
 * nothing better is to be expected.
 *
 * <p>Each validation builds a graph of its own and closes it. So nothing of it takes memory from
 * the training, and no kernel keeps what it made of other weights.
 */
final class Validator {
  private static final Logger log = LoggerFactory.getLogger(Validator.class);

  private final CompiledModel model;
  private final TrainingOptions options;
  private final PredictorOptions prediction;
  private final TrainingSession session;
  private final Dataset data;
  private final RunRecord record;
  private final ValidationHistory history;
  private long last = System.nanoTime();

  /**
   * Reads what the run has of validations.
   *
   * @param device of the training
   * @param record of the run, for those who use its best weights
   * @throws AtrousException if what it has can't be read
   */
  Validator(
      CompiledModel model,
      TrainingOptions options,
      Device device,
      TrainingSession session,
      Dataset data,
      RunRecord record) {
    this.model = model;
    this.options = options;
    this.session = session;
    this.data = data;
    this.record = record;
    prediction =
        PredictorOptions.of(
                model.description(), Objects.requireNonNullElse(options.output(), Path.of("")))
            .withCrop(options.crop())
            .withDevice(device)
            .withThreads(options.threads())
            .withPrecision(options.precision());
    Path kept = options.workers().isLeader() ? options.output() : null;
    history = new ValidationHistory(kept, session.steps(), inWords(data));
    history.remarks().forEach(options.listener()::onRemark);
  }

  /** Which images, wherever their folder is. */
  private static String inWords(Dataset data) {
    return data instanceof FolderDataset folder
        ? "split %s, %d images (%s)".formatted(folder.split(), folder.size(), folder.checksum())
        : "%s, %d images".formatted(data.name(), data.size());
  }

  /** Whether the weights as they are should be validated, and were not. */
  boolean isDue() {
    ValidationPlan plan = options.validation();
    long step = session.steps();
    boolean due =
        step == options.steps()
            || (plan.steps() > 0 && step % plan.steps() == 0)
            || (!plan.every().isZero() && System.nanoTime() - last >= plan.every().toNanos());
    return due && step > 0 && !history.has(step);
  }

  /** Whether validations brought nothing better for as long as the training is to wait. */
  boolean isExhausted() {
    return history.isExhausted(options.validation().patience());
  }

  /**
   * Evaluates the weights as they are.
   *
   * @return empty if the thread was interrupted
   * @throws AtrousException if an image or mask can't be used, all pixels are to be ignored, or
   *     TensorFlow can't compute it
   */
  Optional<EvaluationResult> evaluate() {
    List<String> names = model.parameters().stream().map(Parameter::name).toList();
    long begin = System.nanoTime();
    try (Predictor predictor =
        session.withValues(names, weights -> new Predictor(model, prediction, weights))) {
      ValidationShare share = new ValidationShare(data, options.workers(), session.exchange());
      EvaluationResult result =
          share.evaluate(
              new Evaluator(predictor).withLoss(),
              image -> report(image, (System.nanoTime() - begin) / 1e9));
      if (result.images() < data.size()) {
        return Optional.empty();
      }
      if (result.confusion().pixels() == 0) {
        throw new AtrousException(
            "Every pixel of the masks of data set %s is ignored: there is nothing to validate on."
                .formatted(data.name()));
      }
      return Optional.of(result);
    }
  }

  private void report(ImageResult image, double seconds) {
    options
        .listener()
        .onValidatedImage(
            new ValidatedImage(
                session.steps(),
                image.index(),
                data.size(),
                seconds,
                data.sampleName(image.index()),
                image.sample(),
                image.prediction(),
                image.confusion(),
                data instanceof FolderDataset folder
                    ? folder.labels().classColors()
                    : ClassColors.VOC));
  }

  /**
   * Reports a validation, keeps it, and the weights if they are the best.
   *
   * @param seconds that it took
   * @throws AtrousException if the disk does not take it
   */
  void add(EvaluationResult result, double seconds) {
    double miou = result.confusion().meanIou();
    ValidationReport report =
        new ValidationReport(
            session.steps(),
            miou,
            result.confusion().perClassIou(),
            result.loss(),
            seconds,
            history.isBest(miou));
    if (options.workers().isLeader()) {
      history.add(report, record, session::save);
    }
    log.info(
        "step {}: mIoU {}{}, loss {} on {}",
        report.step(),
        report.miou(),
        report.best() ? " (the best)" : "",
        report.loss(),
        data.name());
    options.listener().onValidation(report);
    last = System.nanoTime();
  }

  /** What validations found; empty if there was none. */
  Optional<TrainingResult.Validated> result() {
    return history
        .last()
        .map(
            newest ->
                new TrainingResult.Validated(
                    newest,
                    history.best().orElse(newest),
                    history.checkpoint(),
                    history.withoutBetter(),
                    isExhausted() && session.steps() < options.steps()));
  }
}
