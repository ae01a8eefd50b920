package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports, logs, probabilities and trees of folders, with a model that is trained once. */
@NullUnmarked // JUnit sets the directories
class ReportCommandsTest {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  @TempDir static Path data;
  @TempDir static Path run;
  @TempDir Path directory;

  @BeforeAll
  static void trainAndResume() throws Exception {
    ColorFolder.write(data);
    Object[] command = {"train", "--data", data, "--output", run, "--device", "cpu", "--report"};
    Invocation trained = Invocation.of(MODEL, with(command, "--steps", 3));
    assertThat(trained.code()).as(trained.err()).isZero();
    Invocation resumed = Invocation.of(MODEL, with(command, "--steps", 5, "--resume"));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("Report: " + run.resolve("report.html"));
  }

  @Test
  void aTrainingWithoutImagesForValidationHasAPageToo() throws Exception {
    Path output = directory.resolve("run");
    Object[] command = {"train", "--data", data, "--split", "val", "--steps", 1, "--report"};
    Invocation trained = Invocation.of(MODEL, with(command, "--output", output));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains("note: the report has no evaluation: The model was trained on the split val");
    assertThat(Files.readString(output.resolve("report.html")))
        .contains("no validation; see evaluate")
        .doesNotContain("class=\"confusion\"");
  }

  private static Object[] with(Object[] first, Object... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray();
  }

  private static Invocation invoke(String command, Object... more) {
    return Invocation.of(MODEL, with(new Object[] {command, "--weights", run}, more));
  }

  @Test
  void aTrainingKeepsALogAndWritesAPage() throws Exception {
    List<String> log = Files.readAllLines(run.resolve("log.csv"));
    assertThat(log.get(0)).isEqualTo("step,loss,learning_rate,images_per_second");
    assertThat(log.stream().skip(1).map(row -> row.substring(0, row.indexOf(","))))
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(log.get(1)).contains(",0.05,"); // the learning rate of the first step
    String page = Files.readString(run.resolve("report.html"));
    assertThat(page)
        .contains("Tiny, trained on ", "Curves of the training", ">0.1.0", "of 5, batches of 4")
        .contains("class=\"confusion\"", "color7", "of 2 of 3 classes, on ")
        .doesNotContain("NaN", "${");
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.filter(file -> file.toString().contains(".tfevents."))).hasSize(2);
    }
  }

  @Test
  void anEvaluationHasTheFiguresOfItsImages() throws Exception {
    Path report = directory.resolve("report");
    Path json = directory.resolve("eval.json");
    Invocation evaluated =
        invoke(
            "evaluate",
            "--data",
            data,
            "--report",
            report,
            "--json",
            json,
            "--class-names",
            "red,<green>,none");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    JsonNode results = Invocation.json(json);
    String miou = String.format(Locale.ROOT, "%.2f%%", 100 * results.get("miou").asDouble());
    String page = Files.readString(report.resolve("report.html"));
    assertThat(page)
        .contains("Tiny on ", ">" + miou + "<", "of 2 of 3 classes", "&lt;green&gt;")
        .contains("Curves of the training", "class=\"shown\"")
        .doesNotContain("<green>", "NaN");

    List<String> images = new ArrayList<>(List.of("image,miou,pixel_accuracy"));
    ConfusionMatrix all = new ConfusionMatrix(3);
    try (Predictor predictor =
        new Predictor(MODEL, PredictorOptions.of(MODEL.description(), run))) {
      for (int i = 4; i < 8; i++) {
        Image image = Image.read(data.resolve("JPEGImages/color" + i + ".png"));
        LabelMap truth = LabelMap.read(data.resolve("SegmentationClass/color" + i + ".png"));
        ConfusionMatrix one = new ConfusionMatrix(3);
        one.add(truth.labels(), predictor.predict(image).labels());
        images.add("color" + i + "," + one.meanIou() + "," + one.pixelAccuracy());
        all.merge(one);
      }
    }
    assertThat(report.resolve("images.csv")).hasContent(String.join("\n", images));
    assertThat(Files.readAllLines(report.resolve("confusion.csv")).get(2))
        .isEqualTo(
            "1 <green>,%d,%d,%d".formatted(all.count(1, 0), all.count(1, 1), all.count(1, 2)));
    assertThat(Files.readAllLines(report.resolve("classes.csv")).get(1))
        .startsWith("0 red," + all.iou(0) + "," + all.recall(0) + "," + all.precision(0) + ",");
    assertThat(report.toFile().list()).hasSize(5);
  }

  @Test
  void aDamagedLogCostsNoMoreThanTheCurves() throws Exception {
    Path damaged = directory.resolve("run");
    Object[] command = {"train", "--output", damaged, "--device", "cpu", "--report"};
    assertThat(Invocation.of(MODEL, with(command, "--data", data, "--steps", 2)).code()).isZero();
    Path log = damaged.resolve("log.csv");
    Files.writeString(log, Files.readString(log).replaceAll("\n2,[^,]*", "\n2,many"));
    String note = "note: the report has not all curves: The log " + log + " is damaged in line 3";
    Path report = directory.resolve("report");
    Invocation evaluated =
        Invocation.of(MODEL, "evaluate", "--data", data, "--weights", damaged, "--report", report);
    Invocation resumed = Invocation.of(MODEL, with(command, "--resume"));
    for (Invocation invocation : List.of(evaluated, resumed)) {
      assertThat(invocation.code()).as(invocation.err()).isZero();
      assertThat(invocation.err()).containsOnlyOnce(note);
    }
    for (Path folder : List.of(report, damaged)) {
      assertThat(Files.readString(folder.resolve("report.html")))
          .contains("class=\"confusion\"")
          .doesNotContain("Curves of the training");
    }
  }

  private static float[] array(Path npy, int values) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(10 + bytes.getShort(8));
    float[] array = new float[values];
    bytes.asFloatBuffer().get(array);
    assertThat(bytes.remaining()).isEqualTo(4 * values);
    return array;
  }

  @Test
  void probabilitiesAreThoseOfThePredictor() throws Exception {
    Path file = data.resolve("JPEGImages/color5.png");
    Path json = directory.resolve("p.json");
    Object[] common = {"--probabilities", "--json", json, "--output", directory, file};
    Invocation predicted = invoke("predict", common);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    Image image = Image.read(file);
    float[] expected;
    try (Predictor predictor =
        new Predictor(MODEL, PredictorOptions.of(MODEL.description(), run))) {
      expected = predictor.probabilities(image);
    }
    Path npy = Path.of(Invocation.json(json).at("/0/probabilities").asText());
    float[] whole = array(npy, expected.length);
    assertThat(whole).isEqualTo(expected);
    int[] grey =
        ImageIO.read(Path.of(Invocation.json(json).at("/0/probability").asText()).toFile())
            .getRaster()
            .getSamples(0, 0, image.width(), image.height(), 0, (int[]) null);
    byte[] labels = LabelMap.read(directory.resolve("color5.png")).labels();
    for (int i = 0; i < labels.length; i++) {
      float winner = whole[3 * i + labels[i]];
      assertThat(winner)
          .isEqualTo(Math.max(whole[3 * i], Math.max(whole[3 * i + 1], whole[3 * i + 2])));
      assertThat(grey[i]).isEqualTo(Math.round(255 * winner));
    }

    byte[] mask = Files.readAllBytes(directory.resolve("color5.png"));
    Path strips = directory.resolve("strips");
    Invocation windows =
        invoke("predict", file, "--window", 33, "--probabilities", "--output", strips);
    assertThat(windows.code()).as(windows.err()).isZero();
    float[] averaged = array(strips.resolve("color5_probabilities.npy"), expected.length);
    for (int i = 0; i < averaged.length; i += 3) {
      assertThat(averaged[i] + averaged[i + 1] + averaged[i + 2]).isBetween(0.999f, 1.001f);
    }
    invoke("predict", file, "--output", directory); // without them, the same labels
    assertThat(Files.readAllBytes(directory.resolve("color5.png"))).isEqualTo(mask);
  }

  @Test
  void aTreeOfFoldersKeepsItsPlaces() throws Exception {
    Path photos = directory.resolve("photos");
    Path output = photos.resolve("predictions");
    ColorFolder.image(10).write(photos.resolve("a/one.png"));
    ColorFolder.image(20).write(photos.resolve("b/c/one.png"));
    ColorFolder.image(20).write(photos.resolve(".hidden/two.png"));
    for (int i = 0; i < 2; i++) { // the second time, its own output is no input
      Invocation predicted = invoke("predict", photos, "--output", output);
      assertThat(predicted.code()).as(predicted.err()).isZero();
      assertThat(predicted.out()).contains("2 images in ");
    }
    try (Stream<Path> files = Files.walk(output)) {
      assertThat(files.filter(Files::isRegularFile).map(output::relativize).map(Path::toString))
          .containsExactlyInAnyOrder(
              "a/one.png",
              "a/one_overlay.png",
              "b/c/one.png",
              "b/c/one_overlay.png",
              "overlay_legend.png");
    }
  }

  @Test
  void twoInputsOfOneOutputAreAnErrorFirst() throws Exception {
    ColorFolder.image(10).write(directory.resolve("x/a/one.png"));
    ColorFolder.image(10).write(directory.resolve("y/a/one.png"));
    Path output = directory.resolve("output");
    Invocation predicted =
        invoke("predict", directory.resolve("x"), directory.resolve("y"), "--output", output);
    assertThat(predicted.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(predicted.errors())
        .contains("Both ", "would be written to " + output.resolve("a/one.png"));
    assertThat(output).doesNotExist();
  }

  @Test
  void overlaysHaveTheColoursOfTheRules() throws Exception {
    Path rules = directory.resolve("rules.txt");
    Files.writeString(rules, "#0000ff = 0 red\n#ffff00 = 1 green\n#123456 = 2 none\n");
    Path colored = directory.resolve("data");
    ColorFolder.write(colored);
    for (int i = 0; i < 8; i++) {
      Path mask = colored.resolve("SegmentationClass/color" + i + ".png");
      byte[] labels = LabelMap.read(mask).labels();
      byte[] rgb = new byte[3 * labels.length];
      for (int p = 0; p < labels.length; p++) {
        boolean green = labels[p] != 0;
        rgb[3 * p] = rgb[3 * p + 1] = (byte) (green ? 255 : 0);
        rgb[3 * p + 2] = (byte) (green ? 0 : 255);
      }
      new Image(ColorFolder.WIDTH, ColorFolder.HEIGHT, rgb).write(mask);
    }
    Path own = directory.resolve("run");
    Invocation trained =
        Invocation.of(
            MODEL, "train", "--data", colored, "--labels", rules, "--steps", 2, "--output", own);
    assertThat(trained.code()).as(trained.err()).isZero();
    Path image = colored.resolve("JPEGImages/color5.png");
    Invocation.of(MODEL, "predict", image, "--weights", own, "--output", directory);
    int label = LabelMap.read(directory.resolve("color5.png")).label(0, 0);
    int[] colors = {0x0000ff, 0xffff00, 0x123456};
    int overlay = ImageIO.read(directory.resolve("color5_overlay.png").toFile()).getRGB(0, 0);
    int pixel = ImageIO.read(image.toFile()).getRGB(0, 0);
    for (int shift = 0; shift < 24; shift += 8) {
      int mean = ((pixel >> shift & 0xff) + (colors[label] >> shift & 0xff)) / 2;
      assertThat(overlay >> shift & 0xff).isIn(mean, colors[label] >> shift & 0xff);
    }
    assertThat(ImageIO.read(directory.resolve("overlay_legend.png").toFile()).getRGB(12, 18))
        .isEqualTo(0xff0000ff);
  }
}
