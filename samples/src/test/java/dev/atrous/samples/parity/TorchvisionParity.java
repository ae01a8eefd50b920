package dev.atrous.samples.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.UpdateOps;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.runtime.weights.WeightImport;
import dev.atrous.runtime.weights.WeightSource;
import dev.atrous.samples.Worst;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ndarray.Shape;

/**
 * A sample of torchvision's networks against torchvision in float64, with weights that went through
 * the import.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // one import
abstract class TorchvisionParity {
  private static final Logger log = LoggerFactory.getLogger(TorchvisionParity.class);

  /** Relative to the largest logit. */
  private static final double LOGITS_TOLERANCE = 1e-4;

  /** Relative to the L2 norm of a gradient or moving average, or to the loss. */
  private static final double TRAINING_TOLERANCE = 1e-3;

  /** Logits that share projections. */
  private static final int BLOCK = 8192;

  private static final int PIXELS = 32;
  private static final int STEPS = 5;
  private static final int BATCH = 4;
  private static final int CROP = 105;
  private static final float LEARNING_RATE = 0.01f;

  private final String folder;
  private final CompiledModel withoutDropout;
  private final Path checkpoint;
  private final WeightImport weights;
  private final Predictor predictor;

  /**
   * Imports the weights.
   *
   * @param folder of the golden files
   * @param model the sample
   * @param withoutDropout a model with the same parameters that trains without chance
   * @param output for the weights
   */
  TorchvisionParity(String folder, CompiledModel model, CompiledModel withoutDropout, Path output)
      throws IOException {
    this.folder = folder;
    this.withoutDropout = withoutDropout;
    Path file = output.resolve("weights.safetensors");
    new StateDict(goldens("tensors")).write(file);
    weights = WeightImport.open(WeightSource.TORCHVISION, file, model, false);
    checkpoint =
        InitialCheckpoint.write(
            model.parameters(), weights.imported(), weights::read, output.resolve("imported"), 1);
    int outputStride = model.description().outputStride();
    predictor =
        new Predictor(
            model,
            new PredictorOptions(
                checkpoint, outputStride, 1, Averaging.NONE, Device.CPU, 0, Precision.FLOAT32));
  }

  private Goldens goldens(String file) {
    return Goldens.read(folder + "/" + file + ".txt");
  }

  @AfterAll
  void close() {
    predictor.close();
    weights.close();
  }

  /**
   * No logit is wrong by more than the tolerance. Some pixels are compared entry by entry, the
   * corners among them. Of all logits, block by block, the L2 norm of the error is measured by
   * {@linkplain Sketch projections}; no single error is larger than the norm of its block.
   */
  @ParameterizedTest
  @CsvSource({"65, 65", "224, 224", "257, 321", "130, 97"})
  void logits(int height, int width) {
    float[] logits = predictor.logits(new Image(width, height, Formula.images(1, height, width)));
    String size = height + "x" + width;
    Goldens goldens = goldens("logits");
    double largest = goldens.number(size);
    Worst entries = new Worst("logits");
    List<String> pixels = keys(goldens, size + "/pixel/");
    for (String pixel : pixels) {
      double[] expected = goldens.numbers(pixel);
      int begin = offset(pixel, width) * expected.length;
      for (int c = 0; c < expected.length; c++) {
        entries.add(pixel, Math.abs(logits[begin + c] - expected[c]) / largest);
      }
    }
    Worst norms = new Worst("L2 norms");
    List<String> blocks = keys(goldens, size + "/block/");
    for (int i = 0; i < blocks.size(); i++) {
      int end = Math.min((i + 1) * BLOCK, logits.length);
      double[] projections = Sketch.project(size, logits, i * BLOCK, end);
      double[] expected = goldens.numbers(blocks.get(i));
      norms.add(blocks.get(i), Sketch.distance(projections, expected) / largest);
    }
    log.info("{}: {}, {}", folder, entries, norms);
    assertThat(pixels).hasSize(PIXELS);
    assertThat(blocks).hasSize((logits.length + BLOCK - 1) / BLOCK);
    entries.check(LOGITS_TOLERANCE);
    norms.check(LOGITS_TOLERANCE);
  }

  private static List<String> keys(Goldens goldens, String prefix) {
    return goldens.keys().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  /** The number of a pixel whose row and column end a key. */
  private static int offset(String key, int width) {
    String[] place = key.substring(key.lastIndexOf('/') + 1).split(",", 2);
    return Integer.parseInt(place[0]) * width + Integer.parseInt(place[1]);
  }

  /** Gradients and moving averages of one step, and the losses of five. */
  @Test
  void training() {
    TrainingOptions options =
        TrainingOptions.of(withoutDropout.description())
            .batchSize(BATCH)
            .crop(CROP)
            .device(Device.CPU)
            .xla(XlaMode.OFF)
            .weights(checkpoint)
            .build();
    Batch batch =
        new Batch(BATCH, CROP, Formula.images(BATCH, CROP, CROP), Formula.labels(BATCH, CROP));
    Goldens expected = goldens("losses");
    Worst losses = new Worst("losses");
    try (Trainer trainer = new Trainer(withoutDropout, options)) {
      for (int step = 0; step < STEPS; step++) {
        String key = String.valueOf(step);
        float loss = trainer.step(batch, LEARNING_RATE);
        losses.add(key, Math.abs(loss / expected.number(key) - 1));
        if (step == 0) {
          Worst gradients = gradients(trainer);
          Worst averages = averages(trainer);
          log.info("{}: {}, {}", folder, gradients, averages);
          gradients.check(TRAINING_TOLERANCE);
          averages.check(TRAINING_TOLERANCE);
        }
      }
    }
    log.info("{}: {}", folder, losses);
    losses.check(TRAINING_TOLERANCE);
  }

  /** The momentum of the first step is the gradient with the weight decay. */
  private Worst gradients(Trainer trainer) {
    List<Parameter> parameters =
        withoutDropout.parameters().stream().filter(Parameter::trainable).toList();
    Map<String, float[]> momenta =
        trainer.readVariables(
            parameters.stream().map(p -> p.name() + UpdateOps.MOMENTUM_SUFFIX).toList());
    double decay = withoutDropout.description().training().weightDecay();
    return compared(
        "gradients",
        parameters,
        name -> {
          float[] values = Objects.requireNonNull(momenta.get(name + UpdateOps.MOMENTUM_SUFFIX));
          float[] decayed = weights.read(name);
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] - decay * decayed[i]);
          }
          return values;
        });
  }

  private Worst averages(Trainer trainer) {
    List<Parameter> parameters =
        withoutDropout.parameters().stream().filter(p -> !p.trainable()).toList();
    Map<String, float[]> values =
        trainer.readVariables(parameters.stream().map(Parameter::name).toList());
    return compared("averages", parameters, name -> Objects.requireNonNull(values.get(name)));
  }

  /** The worst of the tensors in a golden file, which has all of these parameters, and no other. */
  private Worst compared(
      String file, List<Parameter> parameters, Function<String, float[]> values) {
    Goldens goldens = goldens(file);
    Worst worst = new Worst(file);
    List<String> names = new ArrayList<>();
    for (Parameter parameter : parameters) {
      String name = weights.tensor(parameter.name());
      float[] tensor = outputsFirst(values.apply(parameter.name()), parameter.shape());
      worst.add(name, Sketch.of(goldens.texts(name)).error(name, tensor));
      names.add(name);
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(goldens.keys());
    return worst;
  }

  /** From {@code [height, width, inputs, outputs]} to {@code [outputs, inputs, height, width]}. */
  private static float[] outputsFirst(float[] values, Shape shape) {
    if (shape.numDimensions() != 4) {
      return values;
    }
    int inputs = (int) shape.get(2);
    int outputs = (int) shape.get(3);
    int area = values.length / inputs / outputs;
    float[] moved = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int output = i % outputs;
      int input = i / outputs % inputs;
      int pixel = i / outputs / inputs;
      moved[(output * inputs + input) * area + pixel] = values[i];
    }
    return moved;
  }
}
