package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.OtherJvm;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.Overlay;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} and {@code predict}, with a model that is trained once. */
@NullUnmarked // JUnit sets the directories
class InferenceCommandsTest {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  @TempDir static Path data;
  @TempDir static Path run;
  @TempDir Path directory;

  @BeforeAll
  static void train() throws Exception {
    ColorFolder.write(data);
    Invocation trained =
        Invocation.of(MODEL, "train", "--data", data, "--output", run, "--steps", 60);
    assertThat(trained.code()).as(trained.err()).isZero();
  }

  private static Invocation invoke(String command, Object... more) {
    return Invocation.of(
        MODEL, Stream.concat(Stream.of(command, "--weights", run), Arrays.stream(more)).toArray());
  }

  private static void assertError(Invocation invocation, int code, String message) {
    assertThat(invocation.errors()).startsWith("error: ").contains(message).doesNotContain("\tat ");
    assertThat(invocation.code()).isEqualTo(code);
  }

  @Test
  void evaluatesASplit() throws Exception {
    Path json = directory.resolve("eval.json");
    Path pictures = directory.resolve("pictures");
    Invocation evaluated =
        invoke(
            "evaluate",
            "--data",
            data,
            "--json",
            json,
            "--output",
            pictures,
            "--overlays",
            3,
            "--class-names",
            "red,green,none");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out())
        .contains(
            "/val (PASCAL VOC (it has JPEGImages); labels: numbers): 4 images, output stride 4",
            "0 red ",
            "mean of 2 of 3 classes (mIoU)",
            "4 images, ");

    JsonNode results = Invocation.json(json);
    double red = results.at("/per_class_iou/0").asDouble();
    double green = results.at("/per_class_iou/1").asDouble();
    assertThat(red).isGreaterThan(0.7);
    assertThat(green).isGreaterThan(0.7);
    assertThat(results.get("per_class_iou")).hasSize(3);
    assertThat(results.at("/per_class_iou/2").isNull()).isTrue();
    assertThat(evaluated.out()).containsPattern("2 none +-\\R");
    assertThat(results.get("miou").asDouble()).isEqualTo((red + green) / 2);
    assertThat(results.get("pixel_accuracy").asDouble()).isBetween(0.8, 1.0);
    assertThat(results.get("images").asInt()).isEqualTo(4);
    assertThat(results.get("images_per_second").asDouble()).isPositive();
    assertThat(results.get("output_stride").asInt()).isEqualTo(4);
    assertThat(results.at("/class_names/1").asText()).isEqualTo("green");
    assertThat(results.get("scales")).hasToString("[1.0]");
    assertThat(results.get("flip").asBoolean()).isFalse();
    assertThat(results.get("window").isNull()).isTrue();
    assertThat(results.get("overlap").isNull()).isTrue();

    assertThat(pictures.toFile().list())
        .containsExactlyInAnyOrder(
            "color4_overlay.png", "color5_overlay.png", "color6_overlay.png", "contact_sheet.png");
    assertThat(ImageIO.read(pictures.resolve("contact_sheet.png").toFile()).getWidth())
        .isEqualTo(3 * 256 + 4 * 8);
  }

  @Test
  void theSpecNamesTheClassesUnlessTheCommandLineDoes() throws Exception {
    NamedModel named = MODEL.withClassNames("rot", "grün", "nichts");
    Path json = directory.resolve("eval.json");
    Object[] command = {"evaluate", "--weights", run, "--data", data, "--json", json};
    Invocation evaluated = Invocation.of(named, command);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("0 rot ", "1 grün ");
    assertThat(Invocation.json(json).at("/class_names/2").asText()).isEqualTo("nichts");
    Object[] renamed =
        Stream.concat(Arrays.stream(command), Stream.of("--class-names", "a,b,c")).toArray();
    assertThat(Invocation.of(named, renamed).out()).contains("0 a ").doesNotContain("rot");
  }

  @Test
  void evaluatesAtAnotherOutputStride() throws Exception {
    Path json = directory.resolve("eval.json");
    Invocation evaluated =
        invoke("evaluate", "--data", data, "--output-stride", 8, "--split=train", "--json", json);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("labels: numbers): 4 images, output stride 8");
    assertThat(Invocation.json(json).get("output_stride").asInt()).isEqualTo(8);
  }

  @Test
  void evaluatesAverages() throws Exception {
    Path json = directory.resolve("eval.json");
    Object[] common = {"--data", data, "--multi-scale", "--flip", "--json", json, "--window", 33};
    Invocation evaluated = invoke("evaluate", common);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out())
        .contains(
            "4 images, output stride 4, scales 0.5 0.75 1 1.25 1.5 1.75, mirrored too,"
                + " windows of 33 that share 11, weights ");
    JsonNode results = Invocation.json(json);
    assertThat(results.get("scales")).hasToString("[0.5,0.75,1.0,1.25,1.5,1.75]");
    assertThat(results.get("flip").asBoolean()).isTrue();
    assertThat(results.get("window").asInt()).isEqualTo(33);
    assertThat(results.get("overlap").asInt()).isEqualTo(11);
    assertThat(results.at("/per_class_iou/0").asDouble()).isGreaterThan(0.7);

    Object[] batches = Stream.concat(Arrays.stream(common), Stream.of("--batch-size", 3)).toArray();
    evaluated = invoke("evaluate", batches);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    JsonNode inBatches = Invocation.json(json);
    assertThat(inBatches.get("images").asInt()).isEqualTo(4);
    assertThat(inBatches.get("per_class_iou")).isEqualTo(results.get("per_class_iou"));
  }

  @Test
  void averagesThatCannotBeAreTold() throws Exception {
    Path image = directory.resolve("image.png");
    ColorFolder.image(20).write(image);
    assertAverageError("it must be more than 0 and at most 16", "--scales", "0.5,-1");
    assertAverageError("A scale is 100.0", "--scales", "100");
    assertAverageError("Invalid value for option '--scales'", "--scales", "half");
    assertAverageError("have one twice", "--scales", "1,1");
    assertAverageError("leave out one of them", "--scales", "1", "--multi-scale");
    assertAverageError("The window is 0; it must be at least 1 pixel", "--window", 0);
    assertAverageError("The overlap is 33;", "--window", 33, "--overlap", 33);
    assertAverageError("--overlap is of windows: add --window", "--overlap", 8);
    assertAverageError("--batch-size is 0; it must be at least 1", "--batch-size", 0);
    assertThat(directory.resolve("out")).doesNotExist();
  }

  private void assertAverageError(String message, Object... options) {
    Object[] common = {directory.resolve("image.png"), "--output", directory.resolve("out")};
    Object[] all = Stream.concat(Arrays.stream(common), Arrays.stream(options)).toArray();
    assertError(invoke("predict", all), AtrousCli.USAGE, message);
    Object[] evaluation =
        Stream.concat(Stream.of("--data", data), Arrays.stream(options)).toArray();
    assertError(invoke("evaluate", evaluation), AtrousCli.USAGE, message);
  }

  @Test
  void predictsAveragesInBatches() throws Exception {
    Path broken = directory.resolve("broken.png");
    Files.writeString(broken, "not an image");
    Path one = directory.resolve("one.png");
    Path two = directory.resolve("two.png");
    ColorFolder.image(20).write(one);
    ColorFolder.image(30).write(two);
    Path out = directory.resolve("out");
    Invocation predicted =
        invoke(
            "predict",
            one,
            broken,
            two,
            "--output",
            out,
            "--json",
            "-",
            "--batch-size",
            2,
            "--scales",
            "1, 1.5");
    assertError(predicted, AtrousCli.FAILED, "1 of 3 images can't be read");
    JsonNode results = new ObjectMapper().readTree(predicted.out());
    assertThat(results).hasSize(2);
    assertThat(results.at("/1/image").asText()).isEqualTo(two.toString());
    assertThat(results.at("/1/output_stride").asInt()).isEqualTo(4);
    assertThat(results.at("/1/scales")).hasToString("[1.0,1.5]");
    assertThat(results.at("/1/flip").asBoolean()).isFalse();
    assertThat(results.at("/1/window").isNull()).isTrue();
    assertThat(LabelMap.read(out.resolve("one.png")).label(25, 20)).isEqualTo(1);
    assertThat(LabelMap.read(out.resolve("two.png")).label(25, 20)).isEqualTo(0);
  }

  @Test
  void anEvaluationThatCannotBeIsTold() {
    assertError(
        invoke("evaluate", "--data", data, "--output-stride", 16),
        AtrousCli.USAGE,
        "Tiny can't run at output stride 16. With these weights it can run at 4, 8.");
    assertError(
        invoke("evaluate", "--data", data, "--class-names", "a,b"),
        AtrousCli.USAGE,
        "--class-names has 2 names, but Tiny has 3 classes");
    assertError(
        invoke("evaluate", "--data", data, "--overlays", -1), AtrousCli.USAGE, "at least 0");
    assertError(
        invoke("evaluate", "--data", data, "--split", "test"),
        AtrousCli.FAILED,
        "Use one of those that do: train, val.");
    assertError(
        Invocation.of(MODEL, "evaluate", "--data", data, "--weights", directory),
        AtrousCli.FAILED,
        "There is no checkpoint in " + directory);
    assertError(
        Invocation.of(new TinyModel(4), "evaluate", "--data", data, "--weights", run),
        AtrousCli.FAILED,
        "scores/bias");
    assertError(
        Invocation.of(
            new TinyModel(4),
            "train",
            "--data",
            data,
            "--weights",
            run,
            "--output",
            directory.resolve("new")),
        AtrousCli.FAILED,
        "scores/bias");
  }

  @Test
  void anInterruptedCommandBlamesNoFile() {
    for (String command : List.of("dataset check", "evaluate --weights " + run)) {
      List<Object> args = new ArrayList<>(List.of(command.split(" ")));
      args.addAll(List.of("--data", data));
      Thread.currentThread().interrupt();
      Invocation interrupted = Invocation.of(MODEL, args.toArray());
      assertThat(Thread.interrupted()).isTrue();
      assertError(interrupted, AtrousCli.FAILED, "The work was interrupted, and is not finished.");
      assertThat(interrupted.err()).doesNotContain("can't be");
    }
  }

  @Test
  void anInterruptedEvaluationHasNoResult() {
    NamedModel interrupting = NamedModel.before(() -> Thread.currentThread().interrupt());
    Invocation evaluated =
        Invocation.of(interrupting, "evaluate", "--data", data, "--weights", run);
    assertThat(Thread.interrupted()).isTrue();
    assertError(evaluated, AtrousCli.FAILED, "interrupted after 0 of 4 images");
    assertThat(evaluated.out()).doesNotContain("mIoU");
  }

  @Test
  void predictsFilesAndFolders() throws Exception {
    Path photos = Files.createDirectories(directory.resolve("photos"));
    ColorFolder.image(20).write(photos.resolve("b.png"));
    ColorFolder.image(30).write(photos.resolve("a.PNG"));
    Files.writeString(photos.resolve("notes.txt"), "not an image");
    Path single = directory.resolve("single.png");
    ColorFolder.image(48).write(single);
    Path out = directory.resolve("out");
    Path json = directory.resolve("predict.json");
    Invocation predicted =
        invoke(
            "predict",
            photos,
            single,
            photos.resolve("b.png"),
            "--output",
            out,
            "--json",
            json,
            "--class-names",
            "red,green,none");
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.out()).contains("3 images in " + out, single + " -> ", "(0 red: ");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            "a.png",
            "a_overlay.png",
            "b.png",
            "b_overlay.png",
            "single.png",
            "single_overlay.png",
            Prediction.LEGEND);

    JsonNode results = Invocation.json(json);
    assertThat(results).hasSize(3);
    JsonNode first = results.get(0);
    assertThat(first.get("image").asText()).isEqualTo(photos.resolve("a.PNG").toString());
    assertThat(first.get("height").asInt()).isEqualTo(ColorFolder.HEIGHT);
    assertThat(first.get("width").asInt()).isEqualTo(ColorFolder.WIDTH);
    LabelMap mask = LabelMap.read(Path.of(first.get("mask").asText()));
    assertThat(mask.label(2, 20)).isEqualTo(0);
    assertThat(mask.label(46, 20)).isEqualTo(1);
    assertThat(Image.read(Path.of(first.get("overlay").asText())).values())
        .isEqualTo(Overlay.of(ColorFolder.image(30), mask).values());
    double sum = 0;
    for (JsonNode found : first.get("classes")) {
      sum += found.get("share").asDouble();
    }
    assertThat(sum).isBetween(0.999, 1.001);
    assertThat(first.at("/classes/1/class").asInt()).isEqualTo(1);
    assertThat(first.at("/classes/1/name").asText()).isEqualTo("green");
  }

  @Test
  void anUnreadableImageDoesNotStopTheOthers() throws Exception {
    Path broken = directory.resolve("broken.jpg");
    Files.writeString(broken, "not an image");
    Path good = directory.resolve("good.png");
    ColorFolder.image(20).write(good);
    Path out = directory.resolve("out");
    Invocation predicted = invoke("predict", broken, good, "--output", out, "--json", "-");
    assertError(predicted, AtrousCli.FAILED, "Image " + broken + " can't be read");
    assertThat(predicted.err())
        .contains("error: 1 of 2 images can't be read or labelled; the others are done");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("good.png", "good_overlay.png", Prediction.LEGEND);
    assertThat(new ObjectMapper().readTree(predicted.out())).hasSize(1);
  }

  @Test
  void filesAreNotOverwritten() throws Exception {
    Path one = directory.resolve("one/cat.png");
    Path two = directory.resolve("two/cat.png");
    ColorFolder.image(20).write(one);
    ColorFolder.image(30).write(two);
    byte[] before = Files.readAllBytes(one);
    Path out = directory.resolve("out");
    assertError(
        invoke("predict", one, two, "--output", out),
        AtrousCli.FAILED,
        "Both " + one + " and " + two + " would be written to " + out.resolve("cat.png"));
    assertThat(out).doesNotExist();
    assertError(
        invoke("predict", one, "--output", one.getParent()),
        AtrousCli.FAILED,
        "would overwrite the input " + one);
    Path link = Files.createSymbolicLink(directory.resolve("link"), one.getParent());
    assertError(
        invoke("predict", one, "--output", link), AtrousCli.FAILED, "would overwrite the input");
    assertThat(Files.readAllBytes(one)).isEqualTo(before);
  }

  @Test
  void aPredictionThatCannotBeIsTold() throws Exception {
    Path good = directory.resolve("good.png");
    ColorFolder.image(20).write(good);
    Path empty = Files.createDirectory(directory.resolve("empty"));
    assertError(invoke("predict"), AtrousCli.USAGE, "Missing required parameter: 'IMAGE'");
    assertError(
        invoke("predict", directory.resolve("no.png")), AtrousCli.FAILED, "no.png doesn't exist");
    assertError(invoke("predict", empty), AtrousCli.FAILED, "Folder " + empty + " has no image");
    assertError(
        invoke("predict", good, "--output", good.resolve("out")),
        AtrousCli.FAILED,
        "The output directory " + good.resolve("out") + " can't be created");
    assertError(
        invoke("predict", good, "--output-stride", 5, "--output", directory.resolve("out")),
        AtrousCli.USAGE,
        "can't run at output stride 5");
  }

  @Test
  void oneClassInTheMasksIsNoPlainHundredPercent() throws Exception {
    Path root = directory.resolve("data");
    ColorFolder.write(root);
    Path masks = root.resolve("SegmentationClass");
    for (int i = 4; i < 8; i++) {
      byte[] labels = new byte[ColorFolder.WIDTH * ColorFolder.HEIGHT];
      Arrays.fill(labels, 0, 10 * ColorFolder.WIDTH, (byte) 255);
      new LabelMap(ColorFolder.WIDTH, ColorFolder.HEIGHT, labels)
          .write(masks.resolve("color" + i + ".png"));
    }
    Path json = directory.resolve("eval.json");
    Invocation evaluated = invoke("evaluate", "--data", root, "--json", json);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("note: The masks have class 0", "255 (25.0 %) alone");
    assertThat(evaluated.out()).contains("The masks have class 0", "say nothing about the others");
    assertThat(Invocation.json(json).get("classes_in_masks").toString()).isEqualTo("[0]");
  }

  @Test
  void imagesAreTurnedAsTheyAreShown() throws Exception {
    Path out = directory.resolve("out");
    Path image = directory.resolve("turned.jpg");
    Files.write(image, getClass().getResourceAsStream("/images/orientation_6.jpg").readAllBytes());
    Invocation predicted = invoke("predict", image, "--output", out);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.err()).contains("note: Turned", "EXIF", "turned.jpg");
    assertThat(LabelMap.read(out.resolve("turned.png")).width()).isEqualTo(24);
    assertThat(Image.read(out.resolve("turned_overlay.png")).height()).isEqualTo(32);
  }

  @Test
  void everyImageOfAFolderIsTakenOrNamed() throws Exception {
    Path photos = directory.resolve("photos");
    ColorFolder.image(20).write(photos.resolve("a.JPG"));
    ColorFolder.image(20).write(photos.resolve("b.tiff"));
    ColorFolder.image(20).write(photos.resolve("._c.png"));
    ColorFolder.image(20).write(photos.resolve(".d.png"));
    Files.writeString(photos.resolve("notes.txt"), "no image");
    Files.writeString(photos.resolve("e.WebP"), "RIFF....WEBPVP8 ");
    Path out = directory.resolve("out");
    Invocation predicted = invoke("predict", photos, "--output", out);
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder(
            "a.png", "a_overlay.png", "b.png", "b_overlay.png", Prediction.LEGEND);
    assertError(predicted, AtrousCli.FAILED, "e.WebP can't be read: it is a WebP image");
    assertThat(predicted.err()).contains("1 of 3 images");
  }

  @Test
  void aHugeImageFailsAlone() throws Exception {
    Path huge = directory.resolve("huge.bmp");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_BINARY), "bmp", huge.toFile());
    byte[] bytes = Files.readAllBytes(huge);
    for (int at : new int[] {18, 22}) { // its header says 30000 x 30000
      bytes[at] = 0x30;
      bytes[at + 1] = 0x75;
    }
    Files.write(huge, bytes);
    Path good = directory.resolve("good.png");
    ColorFolder.image(20).write(good);
    Path out = directory.resolve("out");
    Invocation predicted = invoke("predict", huge, good, "--output", out, "--batch-size", 2);
    assertError(predicted, AtrousCli.FAILED, "huge.bmp has 30000x30000 pixels");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("good.png", "good_overlay.png", Prediction.LEGEND);
  }

  /** A program of the model, for a Java of its own. */
  static final class Tiny {
    private Tiny() {}

    public static void main(String[] args) {
      AtrousCli.run(args, MODEL);
    }
  }

  @Test
  void windowsNeedNoRoomForTheImage() throws Exception {
    BufferedImage picture = new BufferedImage(6000, 6000, BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < 6000; y++) {
      picture.getRaster().setSample((7 * y) % 6000, y, 0, 1);
    }
    Path large = directory.resolve("large.png"); // 108 MB in memory
    ImageIO.write(picture, "png", large.toFile());
    Path out = directory.resolve("pictures");
    for (boolean windows : new boolean[] {true, false}) {
      List<String> command =
          List.of("predict", "--weights", run + "", large + "", "--output", out + "");
      OtherJvm other =
          OtherJvm.run(
              directory,
              OtherJvm.CLASS_PATH,
              List.of("-Xmx100m"),
              Tiny.class,
              Stream.concat(
                      command.stream(),
                      windows ? Stream.of("--window", "801", "--overlap", "1") : Stream.of())
                  .toArray(String[]::new));
      assertThat(other.code()).as(other.err()).isEqualTo(windows ? 0 : 1);
      if (windows) {
        BufferedImage mask = ImageIO.read(out.resolve("large.png").toFile());
        assertThat(mask.getWidth()).isEqualTo(6000);
        assertThat(mask.getHeight()).isEqualTo(6000);
      } else {
        assertThat(other.err())
            .contains("error: Image " + large + " does not fit into the Java heap", "--window");
      }
    }
  }

  @Test
  void windowsOfAFileAreThoseOfItsImage() throws Exception {
    Path images = directory.resolve("images");
    ColorFolder.image(20).write(images.resolve("a.png"));
    ColorFolder.image(30).write(images.resolve("b.png"));
    Files.write(
        images.resolve("c.jpg"),
        getClass().getResourceAsStream("/images/orientation_6.jpg").readAllBytes());
    Path out = directory.resolve("out");
    Invocation predicted =
        invoke(
            "predict",
            images,
            "--output",
            out,
            "--window",
            25,
            "--scales",
            "0.5,1",
            "--flip",
            "--batch-size",
            3);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    Averaging averaging = new Averaging(List.of(0.5, 1.0), /* flip= */ true, SlidingWindow.of(25));
    PredictorOptions options =
        PredictorOptions.of(MODEL.description(), run).withAveraging(averaging);
    try (Predictor predictor = new Predictor(MODEL, options)) {
      for (String name : List.of("a.png", "b.png", "c.jpg")) {
        Image image = Image.read(images.resolve(name));
        LabelMap labels = predictor.predict(image);
        String base = name.substring(0, 1);
        assertThat(LabelMap.read(out.resolve(base + ".png")).labels()).isEqualTo(labels.labels());
        assertThat(Image.read(out.resolve(base + "_overlay.png")).values())
            .isEqualTo(Overlay.of(image, labels).values());
      }
    }
  }

  /** A JPEG that is cut off shows it in its last strip only. */
  @Test
  void anImageThatFailsInTheMiddleFailsAlone() throws Exception {
    Path cut = directory.resolve("cut.jpg");
    byte[] jpeg = getClass().getResourceAsStream("/images/plain.jpg").readAllBytes();
    Files.write(cut, Arrays.copyOf(jpeg, jpeg.length * 2 / 3));
    Path good = directory.resolve("good.png");
    ColorFolder.image(20).write(good);
    Path out = directory.resolve("out");
    Invocation predicted =
        invoke("predict", cut, good, "--output", out, "--batch-size", 2, "--window", 30);
    assertError(predicted, AtrousCli.FAILED, "error: Image " + cut + " can't be read: it is cut");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("good.png", "good_overlay.png", Prediction.LEGEND);
  }

  @Test
  void weightsOfAModelThatWasCompiledOtherwiseAreSaid() throws Exception {
    Path changed = directory.resolve("changed");
    Files.createDirectory(changed);
    for (String file : run.toFile().list()) {
      Files.copy(run.resolve(file), changed.resolve(file));
    }
    Path image = directory.resolve("image.png");
    ColorFolder.image(20).write(image);
    Object[] predict = {
      "predict", "--weights", changed, image, "--output", directory.resolve("out")
    };
    assertThat(Invocation.of(MODEL, predict).err()).doesNotContain("note:");

    Path file = changed.resolve("run.json");
    ObjectNode kept = (ObjectNode) Invocation.json(file);
    ObjectNode compiled = (ObjectNode) kept.get("compiled");
    compiled.put("rate of block1/conv2", "2").put("convention padding", "SAME");
    compiled.put("convention weightDecay", "ALL").put("momentum", "0.5");
    new ObjectMapper().writeValue(file.toFile(), kept);
    String note =
        "note: Tiny is compiled otherwise than when the weights in %s were trained, and computes something else with them (convention padding: "
            .formatted(changed);
    Invocation predicted = Invocation.of(MODEL, predict);
    assertThat(predicted.code()).isZero();
    assertThat(predicted.err())
        .contains(note, "but the run had SAME; rate of block1/conv2: 4, but the run had 2).")
        .doesNotContain("weightDecay", "momentum");
    Path prefix = changed.resolve("model-60");
    assertThat(Invocation.of(MODEL, "evaluate", "--data", data, "--weights", prefix).err())
        .contains(note);
    assertThat(
            Invocation.of(
                    MODEL,
                    "train",
                    "--data",
                    data,
                    "--weights",
                    prefix,
                    "--steps",
                    1,
                    "--output",
                    directory.resolve("next"))
                .err())
        .contains(note);

    compiled.put("output stride", "8"); // rates follow it
    compiled.remove("convention padding");
    new ObjectMapper().writeValue(file.toFile(), kept);
    assertThat(Invocation.of(MODEL, predict).err()).doesNotContain("compiled otherwise");
  }

  @Test
  void repeatedImagesAreSaid() throws Exception {
    Path root = directory.resolve("data");
    ColorFolder.write(root);
    Files.writeString(
        root.resolve("ImageSets/Segmentation/val.txt"), "color4\ncolor5\ncolor4\ncolor4\n");
    Invocation evaluated = invoke("evaluate", "--data", root);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.err()).contains("note: 2 of the 4 lines of split val repeat an image");
  }

  @Test
  void aWindowThatIsSmallerThanTheCropIsSaid() throws Exception {
    Path image = directory.resolve("image.png");
    ColorFolder.image(20).write(image);
    Path out = directory.resolve("out");
    assertThat(invoke("predict", image, "--output", out, "--window", 32).err())
        .contains("note: The window of 32 pixels is smaller than the crop of 33");
    assertThat(invoke("predict", image, "--output", out, "--window", 33).err())
        .doesNotContain("note:");
  }

  @Test
  void picturesOfSimilarIdsAreAllKept() throws Exception {
    Path root = directory.resolve("data");
    ColorFolder.write(root);
    for (String id : new String[] {"a b", "a_b", "A_b", "x/y"}) {
      Files.createDirectories(root.resolve("JPEGImages/x"));
      Files.createDirectories(root.resolve("SegmentationClass/x"));
      Files.copy(root.resolve("JPEGImages/color4.png"), root.resolve("JPEGImages/" + id + ".png"));
      Files.copy(
          root.resolve("SegmentationClass/color4.png"),
          root.resolve("SegmentationClass/" + id + ".png"));
    }
    Files.writeString(root.resolve("ImageSets/Segmentation/val.txt"), "a b\na_b\nA_b\nx/y\n");
    Path pictures = directory.resolve("pictures");
    Invocation evaluated = invoke("evaluate", "--data", root, "--output", pictures);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(pictures.toFile().list())
        .containsExactlyInAnyOrder(
            "a_b_overlay.png",
            "a_b_2_overlay.png",
            "A_b_3_overlay.png",
            "x_y_overlay.png",
            "contact_sheet.png");
  }

  @Test
  void anyPathThatTheFileSystemAllows() throws Exception {
    Path odd = directory.resolve("run [1]*?\\x");
    Path root = odd.resolve("data{2}");
    ColorFolder.write(root);
    Invocation trained =
        Invocation.of(MODEL, "train", "--data", root, "--output", odd, "--steps", 2);
    assertThat(trained.code()).as(trained.err()).isZero();
    Invocation resumed =
        Invocation.of(MODEL, "train", "--data", root, "--output", odd, "--steps", 3, "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    Path image = root.resolve("JPEGImages/color4.png");
    Path out = odd.resolve("[out]");
    Invocation predicted =
        Invocation.of(MODEL, "predict", image, "--weights", odd, "--output", out);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("color4.png", "color4_overlay.png", Prediction.LEGEND);
  }

  @Test
  void jsonOnStandardOutputIsUtf8InAnyEncoding() throws Exception {
    Path image = directory.resolve("gr\u00fcn.png");
    ColorFolder.image(20).write(image);
    Invocation predicted =
        invoke("predict", image, "--output", directory.resolve("out"), "--json", "-");
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(predicted.out().chars()).allMatch(c -> c < 0x80);
    assertThat(new ObjectMapper().readTree(predicted.out()).at("/0/image").asText())
        .isEqualTo(image.toString());
  }
}
