package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withPrecision;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.ImageSet;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Values of 16 bits in training, evaluation and prediction. */
class DeepBandsTest {
  private static final int SIDE = 48;
  private static final PixelFormat DEEP = new PixelFormat(4, 16);

  private final Path root;

  DeepBandsTest(@TempDir Path root) {
    this.root = root;
  }

  /** An output of the command line, and its exit code. */
  private record Outcome(int code, String text) {}

  private static Outcome run(CompiledModel model, String... args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    int code = AtrousCli.execute(args, writer, writer, model);
    return new Outcome(code, text.toString());
  }

  /** The same pixels in both, 257 times as large in the second. */
  private static List<Image> bothDepths(int width, int height) {
    byte[] bytes = new byte[4 * width * height];
    new Random(7).nextBytes(bytes);
    short[] shorts = new short[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      shorts[i] = (short) (257 * Byte.toUnsignedInt(bytes[i]));
    }
    return List.of(new Image(width, height, 4, bytes), Image.ofShorts(width, height, 4, shorts));
  }

  private Path weights() {
    return InitialCheckpoint.write(new FourBandsModel().parameters(), root.resolve("weights"), 3);
  }

  private static Predictor predictor(CompiledModel model, Path weights, Averaging averaging) {
    return new Predictor(
        model, PredictorOptions.of(model.description(), weights).withAveraging(averaging));
  }

  /** As a whole, scaled and in windows, with padding; the scores are those of bytes. */
  @Test
  void predictsWhatAModelOfBytesDoes() {
    Path weights = weights();
    Averaging averaging =
        Averaging.NONE.withScales(List.of(1.0, 1.5)).withWindow(new SlidingWindow(33, 11));
    List<Image> images = bothDepths(60, 29);
    float[] scores;
    float[] probabilities;
    try (Predictor bytes = predictor(new FourBandsModel(), weights, Averaging.NONE);
        Predictor averaged = predictor(new FourBandsModel(), weights, averaging)) {
      scores = bytes.logits(images.get(0));
      probabilities = averaged.probabilities(images.get(0));
    }
    try (Predictor deep = predictor(new DeepBandsModel(), weights, Averaging.NONE);
        Predictor averaged = predictor(new DeepBandsModel(), weights, averaging)) {
      assertThat(deep.pixels().fits(DEEP)).isTrue();
      assertThat(deep.logits(images.get(1))).containsExactly(scores, withPrecision(1e-4f));
      assertThat(averaged.probabilities(images.get(1)))
          .containsExactly(probabilities, withPrecision(1e-4f));
      assertThatThrownBy(() -> deep.predict(images.get(0)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining(
              "An image has 4 bands, and the model DeepBands wants 4 bands of 16 bits.");
    }
  }

  /** Also as an XLA program, to which the values go as they are. */
  @ParameterizedTest
  @EnumSource(
      value = XlaMode.class,
      names = {"OFF", "ON"})
  void trainsAsAModelOfBytesDoes(XlaMode xla) {
    Path weights = weights();
    List<Image> images = bothDepths(33, 4 * 33); // four crops
    byte[] labels = new byte[4 * 33 * 33];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 2);
    }
    Batch bytes = new Batch(4, 33, images.get(0).values(), labels);
    Batch deep = new Batch(4, 33, DEEP, images.get(1).values(), labels);
    double expected = loss(new FourBandsModel(), weights, XlaMode.OFF, bytes);
    assertThat(loss(new DeepBandsModel(), weights, xla, deep) / expected)
        .isCloseTo(1, within(1e-4));
    assertThat(loss(new ReflectancesModel(), weights, xla, deep) / expected)
        .isCloseTo(1, within(1e-4));
    assertThatThrownBy(() -> loss(new DeepBandsModel(), weights, XlaMode.OFF, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the batch has 4 bands, and the model wants 4 bands of 16 bits");
  }

  /** Of the second step. */
  private static double loss(CompiledModel model, Path weights, XlaMode xla, Batch batch) {
    TrainingOptions options =
        TrainingOptions.of(model.description())
            .weights(weights)
            .device(Device.CPU)
            .xla(xla)
            .build();
    try (Trainer trainer = new Trainer(model, options)) {
      if (model.description().pixels().isMeasured()) {
        trainer.setBands(new DeepBandsModel().description().pixels());
      }
      trainer.step(batch, 0.01f);
      return trainer.step(batch, 0.01f);
    }
  }

  /**
   * Three bands are noise; the fourth is 3080 or 3320 and tells the class. The upper 8 bits of both
   * are equal.
   */
  private void writeData() throws IOException {
    Files.createDirectories(root.resolve("JPEGImages"));
    Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    List<String> names = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 6; i++) {
      String name = "image" + i;
      names.add(name);
      byte[] labels = new byte[SIDE * SIDE];
      short[] values = new short[4 * SIDE * SIDE];
      int edge = 12 + random.nextInt(24);
      for (int at = 0; at < labels.length; at++) {
        boolean inside = at % SIDE < edge == (i % 2 == 0);
        labels[at] = (byte) (inside ? 1 : 0);
        for (int band = 0; band < 3; band++) {
          values[4 * at + band] = (short) random.nextInt(10_000);
        }
        values[4 * at + 3] = (short) (inside ? 3320 : 3080);
      }
      ShortTiff.write(root.resolve("JPEGImages/" + name + ".tif"), SIDE, SIDE, values);
      new LabelMap(SIDE, SIDE, labels).write(root.resolve("SegmentationClass/" + name + ".png"));
    }
    Files.write(root.resolve("ImageSets/Segmentation/train.txt"), names);
    Files.write(root.resolve("ImageSets/Segmentation/val.txt"), names);
  }

  @Test
  void learnsWhatIsInTheLowerBits() throws IOException {
    writeData();
    String data = root.toString();
    String weights = root.resolve("run").toString();
    CompiledModel model = new ReflectancesModel();
    Outcome train = run(model, "train", "--data", data, "--output", weights, "--device", "cpu");
    assertThat(train.code()).as(train.text()).isZero();
    bandsAreMeasuredOnce(train.text(), model, weights);

    Outcome evaluate =
        run(model, "evaluate", "--data", data, "--weights", weights, "--device", "cpu");
    assertThat(evaluate.code()).as(evaluate.text()).isZero();
    double miou =
        evaluate
            .text()
            .lines()
            .filter(line -> line.contains("mean (mIoU)"))
            .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .findFirst()
            .orElseThrow();
    assertThat(miou).as(evaluate.text()).isGreaterThan(60);

    windowsAreThoseOfTheImageInMemory(model, weights);
    othersAreRefused(model, weights);
  }

  /** Those of all pixels; a run that is resumed keeps them, whatever has become of its images. */
  private void bandsAreMeasuredOnce(String text, CompiledModel model, String weights)
      throws IOException {
    String bands = text.lines().filter(line -> line.startsWith("Bands: ")).findFirst().orElse("");
    double[] sums = new double[4];
    double[] squares = new double[4];
    for (int i = 0; i < 6; i++) {
      Image image = read(root.resolve("JPEGImages/image" + i + ".tif"));
      for (int at = 0; at < 4 * SIDE * SIDE; at++) {
        sums[at % 4] += image.value(at);
        squares[at % 4] += (double) image.value(at) * image.value(at);
      }
    }
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int band = 0; band < 4; band++) {
      double average = sums[band] / (6 * SIDE * SIDE);
      mean.add((float) average);
      deviation.add((float) Math.sqrt(squares[band] / (6 * SIDE * SIDE) - average * average));
    }
    assertThat(bands).isEqualTo("Bands: means " + mean + ", deviations " + deviation);
    Checkpoint checkpoint = Checkpoint.open(Path.of(weights));
    assertThat(checkpoint.read("stem/bands/mean")).containsExactly(floats(mean));
    assertThat(checkpoint.read("stem/bands/deviation")).containsExactly(floats(deviation));

    Path changed = root.resolve("JPEGImages/image5.tif");
    byte[] before = Files.readAllBytes(changed);
    short[] dark = new short[4 * SIDE * SIDE];
    ShortTiff.write(changed, SIDE, SIDE, dark);
    Outcome resumed =
        run(model, "train", "--resume", "--output", weights, "--device", "cpu", "--steps", "151");
    Files.write(changed, before);
    assertThat(resumed.code()).as(resumed.text()).isZero();
    assertThat(resumed.text()).contains("Resumed at step 150", bands);
    assertThat(Checkpoint.open(Path.of(weights)).read("stem/bands/mean"))
        .containsExactly(floats(mean));
  }

  private static Image read(Path file) {
    return ImageSet.of(List.of(file)).withPixels(DEEP).read(file);
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /** On the command line a window reads strips of the file. */
  private void windowsAreThoseOfTheImageInMemory(CompiledModel model, String weights)
      throws IOException {
    int width = 70;
    int height = 150;
    short[] values = new short[4 * width * height];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (i % 4 < 3 ? random.nextInt(10_000) : 3080 + 240 * (i / 8000 % 2));
    }
    Path file = root.resolve("large.tif");
    ShortTiff.write(file, width, height, values);
    Path predictions = root.resolve("predictions");
    Outcome predict =
        run(
            model,
            "predict",
            "--weights",
            weights,
            "--window",
            "41",
            "--output",
            predictions.toString(),
            file.toString());
    assertThat(predict.code()).as(predict.text()).isZero();
    Averaging windows = Averaging.NONE.withWindow(SlidingWindow.of(41));
    LabelMap expected;
    try (Predictor predictor = predictor(model, Path.of(weights), windows)) {
      expected = predictor.predict(Image.ofShorts(width, height, 4, values));
    }
    assertThat(expected.labels()).contains(0, 1);
    Image mask = Image.read(predictions.resolve("large.png"));
    Image colors = ClassColors.VOC.picture(expected);
    assertThat(mask.values()).isEqualTo(colors.values());
    Image overlay = Image.read(predictions.resolve("large_overlay.png"));
    int brightest = 0;
    for (byte value : overlay.values()) {
      brightest = Math.max(brightest, Byte.toUnsignedInt(value));
    }
    assertThat(brightest).isGreaterThan(200); // 10000 of 65535 would be nearly black
  }

  private void othersAreRefused(CompiledModel model, String weights) throws IOException {
    String out = root.resolve("refused").toString();
    String others = weights().toString();
    String deep = root.resolve("JPEGImages/image1.tif").toString();
    Path bytes = root.resolve("bytes.png");
    ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_4BYTE_ABGR), "png", bytes.toFile());
    for (String window : new String[] {"", "--window=41"}) {
      List<String> options = new ArrayList<>(List.of("predict", "--output", out));
      if (!window.isEmpty()) {
        options.add(window);
      }
      options.add("--weights");
      Outcome refused = run(model, all(options, weights, bytes.toString()));
      assertThat(refused.code()).isEqualTo(AtrousCli.FAILED);
      assertThat(refused.text())
          .contains(bytes + " has 8 bits for each value, and the model wants 16", "'bits = 8'");
      Outcome reverse = run(new FourBandsModel(), all(options, others, deep));
      assertThat(reverse.code()).isEqualTo(AtrousCli.FAILED);
      assertThat(reverse.text())
          .contains(deep + " has 16 bits for each value, and the model wants 8", "'bits = 16'");
    }
  }

  private static String[] all(List<String> first, String... others) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(others));
    return all.toArray(String[]::new);
  }

  @Test
  void isCheckedMeasuredAndDescribed() throws IOException {
    writeData();
    CompiledModel model = new ReflectancesModel();
    Outcome check =
        run(
            model,
            "dataset",
            "check",
            "--data",
            root.toString(),
            "--sheet",
            root.resolve("sheet.png").toString());
    assertThat(check.code()).as(check.text()).isZero();
    assertThat(check.text()).doesNotContain("note: Values have 16 bits");
    assertThat(check.text()).containsPattern("bands = 4, bits = 16, bandMean = \\{.*, 3\\d\\d\\d}");
    for (String mode : List.of("train", "predict")) {
      Outcome bench =
          run(model, "bench", "--mode", mode, "--steps", "1", "--warmup", "0", "--device", "cpu");
      assertThat(bench.code()).as(bench.text()).isZero();
    }
    assertThat(run(model, "describe").text().replaceAll("\\s+", " "))
        .contains("4 of 16 bits, means and deviations of the images that it is trained on");
    assertThat(run(new DeepBandsModel(), "describe").text().replaceAll("\\s+", " "))
        .contains("4 of 16 bits, means 32896, 32896, 32896, 32896, deviations 19018");
  }

  /** Nothing is computed with bands that nobody measured. */
  @Test
  void bandsThatAreNotMeasuredAreAnError() {
    CompiledModel model = new ReflectancesModel();
    Path weights = InitialCheckpoint.write(model.parameters(), root.resolve("weights"), 1);
    assertThatThrownBy(() -> predictor(model, weights, Averaging.NONE).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("The weights have no mean and deviation of the bands")
        .hasMessageContaining("train --weights");
    TrainingOptions options =
        TrainingOptions.of(model.description()).weights(weights).device(Device.CPU).build();
    Batch batch = Batch.black(4, 33, DEEP);
    CompiledModel given = new DeepBandsModel();
    assertThatThrownBy(() -> predictor(given, weights, Averaging.NONE).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("were trained with the bands' deviations [0.0, 0.0, 0.0, 0.0]")
        .hasMessageContaining("the spec of DeepBands has [19018.0, 19018.0, 19018.0, 22616.0]");
    try (Trainer trainer = new Trainer(model, options)) {
      assertThatThrownBy(() -> trainer.step(batch, 0.01f))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("Reflectances measures mean and deviation of its bands");
      assertThatThrownBy(() -> trainer.setBands(new FourBandsModel().description().pixels()))
          .isInstanceOf(IllegalArgumentException.class);
      trainer.setBands(new DeepBandsModel().description().pixels());
      assertThat(trainer.step(batch, 0.01f)).isFinite();
    }
  }
}
