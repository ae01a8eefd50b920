package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.LabelMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What {@code evaluate} computes, says and writes. */
class EvaluateCommandTest extends InferenceFixture {
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
  void anInterruptedEvaluationHasNoResult() {
    NamedModel interrupting = NamedModel.before(() -> Thread.currentThread().interrupt());
    Invocation evaluated =
        Invocation.of(interrupting, "evaluate", "--data", data, "--weights", run);
    assertThat(Thread.interrupted()).isTrue();
    assertError(evaluated, AtrousCli.FAILED, "interrupted after 0 of 4 images");
    assertThat(evaluated.out()).doesNotContain("mIoU");
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
}
