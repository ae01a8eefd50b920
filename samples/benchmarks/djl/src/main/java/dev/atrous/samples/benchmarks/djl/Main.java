package dev.atrous.samples.benchmarks.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Runs a TorchScript model of {@code export_torchscript.py} with DJL's PyTorch engine, as {@code
 * bench --mode predict} runs ours, and writes the same keys but for the time since the start of the
 * process, which no row compares.
 */
public final class Main {
  private static final String ENGINE = "PyTorch";
  private static final Path STATUS = Path.of("/proc/self/status");

  private final Options options;

  private Main(Options options) {
    this.options = options;
  }

  /**
   * Measures and writes JSON.
   *
   * @param args see {@link Options}
   */
  public static void main(String[] args) throws Exception {
    System.setProperty("ai.djl.offline", "true"); // the native library is in the class path
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
    try {
      new Main(Options.parse(args)).run();
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(2);
    }
  }

  private void run() throws IOException, MalformedModelException, TranslateException {
    double[] runs = new double[options.steps()];
    try (Model model = Model.newInstance("deeplab", ENGINE);
        NDManager images = NDManager.newBaseManager(null, ENGINE)) {
      model.load(options.model());
      Shape shape = new Shape(options.batchSize(), 3, options.crop(), options.crop());
      NDList batch = new NDList(images.randomUniform(0, 1, shape, DataType.FLOAT32));
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
        predict(predictor, batch);
        for (int i = 0; i < options.warmup(); i++) {
          predict(predictor, batch);
        }
        for (int i = 0; i < runs.length; i++) {
          long begin = System.nanoTime();
          predict(predictor, batch);
          runs[i] = (System.nanoTime() - begin) / 1e9;
        }
      }
    }
    write(json(runs));
  }

  /** From images in memory to labels in Java's. */
  private void predict(Predictor<NDList, NDList> predictor, NDList batch)
      throws TranslateException {
    try (NDList result = predictor.predict(batch);
        NDArray labels = result.singletonOrThrow()) {
      int count = labels.toByteArray().length;
      if (count != options.batchSize() * options.crop() * options.crop()) {
        throw new IllegalArgumentException(
            options.model() + " gives " + labels.getShape() + ", not a label for each pixel");
      }
    }
  }

  /** The largest resident memory of this process in MB, or null where the system does not tell. */
  private static String peakResident() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return "null";
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> number(Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6))
        .findFirst()
        .orElse("null");
  }

  private String json(double[] runs) throws IOException {
    double[] sorted = runs.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return String.join(
        System.lineSeparator(),
        "{",
        "  \"median_s\": " + number(median) + ",",
        "  \"min_s\": " + number(sorted[0]) + ",",
        "  \"max_s\": " + number(sorted[sorted.length - 1]) + ",",
        "  \"images_per_second\": " + number(options.batchSize() / median) + ",",
        "  \"peak_rss_mb\": " + peakResident(),
        "}");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }

  private void write(String json) throws IOException {
    if (options.json().equals("-")) {
      System.out.println(json);
    } else {
      Files.writeString(Path.of(options.json()), json + System.lineSeparator());
    }
  }
}
