package dev.atrous.runtime.cli;

import static dev.atrous.runtime.cli.LayoutFolders.colors;
import static dev.atrous.runtime.cli.LayoutFolders.folders;
import static dev.atrous.runtime.cli.LayoutFolders.image;
import static dev.atrous.runtime.cli.LayoutFolders.mask;
import static dev.atrous.runtime.cli.LayoutFolders.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.TinyModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each layout and rule, from {@code dataset check} to {@code predict}. */
class DataLayoutsTest {
  private static final String POLYGON = "[[0, 0, 10, 0, 10, 16, 0, 16]]";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private Path data;
  private Path run;

  @BeforeEach
  void freshFolders() {
    data = directory.resolve("data");
    run = directory.resolve("run");
  }

  /**
   * Layout, the model's classes, the data, --labels, and the classes that the masks are to have.
   */
  static Stream<Arguments> cases() {
    return Stream.of(
        of("voc", 3, ColorFolder::write, "", 0, 1),
        of("cityscapes", 19, LayoutFolders::cityscapes, "", 0, 11), // road, person
        of("ade20k", 150, LayoutFolders::ade20k, "", 149),
        of("coco", 3, LayoutFolders.coco("instances", POLYGON), "", 0, 1),
        of("coco", 3, LayoutFolders.coco("instances", "{%s: [0, 160, 160]}"), "", 0, 1),
        of("coco", 3, LayoutFolders.coco("instances", "{%s: \"0P5P5\"}"), "", 0, 1),
        of("coco", 2, LayoutFolders.coco("stuff", POLYGON), "", 0), // the rest has no label
        of("coco", 21, LayoutFolders::cocoDogs, "", 0, 12),
        of("folders", 2, folders(0, 1), "", 0, 1),
        of("folders", 2, folders(0, 255), "binary", 0, 1),
        of("folders", 3, folders(0, 3), "from-one", 2),
        of("folders", 21, colors(0x800000, 0x008000), "voc-colors", 1, 2),
        of("folders", 19, colors(0x804080, 0xf423e8), "cityscapes-colors", 0, 1),
        of("folders", 21, LayoutFolders.palettes(0xe0e0c0, 0x400000), "voc-colors", 8),
        of("folders", 2, rules(folders(7, 9), "7 = a", "9 = b"), "", 0, 1), // names
        of("folders", 3, rules(folders(7, 9), "5-8 = 2 merged", "9 = ignore"), "", 2),
        of("folders", 2, rules(folders(7, 9), "7 = 1", "other = ignore"), "", 1),
        of("folders", 2, rules(colors(0x102030, 5), "#102030 = 1", "other = 0"), "", 0, 1),
        of("folders", 2, LayoutFolders::lists, "", 0, 1));
  }

  private static Arguments of(
      String format, int classes, LayoutFolders.Writing data, String labels, int... found) {
    return Arguments.of(format, classes, data, labels, Arrays.stream(found).boxed().toList());
  }

  private Invocation invoke(int classes, Object... args) {
    return Invocation.of(NamedModel.of("Tiny", new TinyModel(classes)), args);
  }

  private static Object[] with(Object[] args, String labels) {
    return labels.isEmpty()
        ? args
        : Stream.concat(Stream.of(args), Stream.of("--labels", labels)).toArray();
  }

  @ParameterizedTest(name = "{0}, {1} classes, {3}")
  @MethodSource("cases")
  void trainsAndEvaluates(
      String format, int classes, LayoutFolders.Writing writing, String labels, List<Integer> found)
      throws IOException {
    writing.to(data);
    Path json = directory.resolve("result.json");
    Invocation checked =
        invoke(
            classes,
            with(new Object[] {"dataset", "check", "--data", data, "--json", json}, labels));
    assertThat(checked.code()).as(checked.err() + checked.out()).isZero();
    JsonNode report = Invocation.json(json);
    assertThat(report.get("format").asText()).isEqualTo(format);
    Invocation trained =
        invoke(
            classes,
            with(
                new Object[] {
                  "train", "--data", data, "--output", run, "--steps", 2, "--batch-size", 2
                },
                labels));
    assertThat(trained.code()).as(trained.err()).isZero();
    // Without --labels: the rules are those of the run.
    Invocation evaluated =
        invoke(classes, "evaluate", "--data", data, "--weights", run, "--json", json);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.err() + evaluated.out()).doesNotContain("were trained on");
    Invocation onTheSame =
        invoke(classes, "evaluate", "--data", data, "--weights", run, "--split", "train");
    assertThat(onTheSame.code()).as(onTheSame.err()).isZero();
    assertThat(onTheSame.err() + onTheSame.out())
        .containsPattern("note: (\\d+) of the \\1 images are among those .* were trained on");
    JsonNode result = Invocation.json(json);
    assertThat(result.get("format").asText()).isEqualTo(format);
    List<Integer> seen = new ArrayList<>();
    result.get("classes_in_masks").forEach(label -> seen.add(label.asInt()));
    assertThat(seen).isEqualTo(found);
    List<Integer> counted = new ArrayList<>();
    JsonNode pixels = report.get("splits").get("val").get("pixels");
    for (int label = 0; label < classes; label++) {
      if (pixels.get(label).asLong() > 0) {
        counted.add(label);
      }
    }
    assertThat(counted).isEqualTo(found);
  }

  @Test
  void theMasksOfTrainaugAreSbds() throws IOException {
    ColorFolder.write(data);
    Path lists = data.resolve("ImageSets/Segmentation");
    Files.write(lists.resolve("trainaug.txt"), List.of("color0", "color1", "color2"));
    // color1 has a mask of SBD, the others those of PASCAL VOC.
    LayoutFolders.mask(
        data.resolve("SegmentationClassAug/color1.png"), ColorFolder.WIDTH, ColorFolder.HEIGHT, 2);
    Object[] split = {"--data", data, "--split", "trainaug"};
    Invocation trained =
        invoke(3, join(split, "train", "--output", run, "--steps", 2, "--batch-size", 3));
    assertThat(trained.code()).as(trained.err()).isZero();
    Path json = directory.resolve("result.json");

    Invocation evaluated = invoke(3, join(split, "evaluate", "--weights", run, "--json", json));

    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(Invocation.json(json).get("classes_in_masks")).hasSize(3);
  }

  private static Object[] join(Object[] last, Object... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray();
  }

  @Test
  void predictionsAreWrittenInTheUsersValues() throws IOException {
    rules(folders(40, 90), "40 = 0 red", "90 = 1 green").to(data);
    assertThat(
            invoke(2, "train", "--data", data, "--output", run, "--steps", 1, "--batch-size", 1)
                .code())
        .isZero();
    Path image = data.resolve("images/0.png");
    Invocation predicted =
        invoke(2, "predict", "--weights", run, "--own-values", "--output", directory, image);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    BufferedImage mask = ImageIO.read(directory.resolve("0.png").toFile());
    int[] values =
        mask.getRaster()
            .getSamples(0, 0, LayoutFolders.WIDTH, LayoutFolders.HEIGHT, 0, (int[]) null);
    assertThat(Arrays.stream(values).boxed().toList()).isSubsetOf(40, 90);
    assertThat(predicted.out()).containsAnyOf("red", "green");
    Files.delete(run.resolve("run.json"));
    Invocation unknown =
        invoke(2, "predict", "--weights", run, "--own-values", "--output", directory, image);
    assertThat(unknown.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(unknown.err()).contains("--own-values needs the run.json");
  }

  @Test
  void aRunIsNotResumedWithOtherRules() throws IOException {
    folders(0, 1).to(data);
    Object[] train = {"train", "--data", data, "--output", run, "--batch-size", 2};
    assertThat(
            invoke(2, with(Stream.concat(Stream.of(train), Stream.of("--steps", 1)).toArray(), ""))
                .code())
        .isZero();
    Path swapped = directory.resolve("swapped.txt");
    Files.write(swapped, List.of("0 = 1", "1 = 0"));
    Invocation resumed =
        invoke(2, "train", "--output", run, "--resume", "--steps", 2, "--labels", swapped);
    assertThat(resumed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(resumed.err()).contains("labels: the rule '0 = 1', but the run began with '0 = 0'");
    Invocation same = invoke(2, "train", "--output", run, "--resume", "--steps", 2);
    assertThat(same.code()).as(same.err()).isZero();
  }

  @Test
  void theCheckNamesWhatIsWrongAndGoesOn() throws IOException {
    folders(0, 1).to(data);
    image(data.resolve("images/4.png"), 1, 2); // without a mask
    mask(data.resolve("masks/1_mask.png"), 0, 7);
    Files.writeString(data.resolve("images/2.png"), "text");
    Path json = directory.resolve("check.json");
    Path sheet = directory.resolve("sheet.png");
    Invocation checked =
        invoke(
            2,
            "dataset",
            "check",
            "--data",
            data,
            "--val-share",
            0.4,
            "--json",
            json,
            "--sheet",
            sheet);
    assertThat(checked.code()).as(checked.err()).isEqualTo(AtrousCli.FAILED);
    assertThat(checked.out())
        .contains(
            "Layout  two folders (it has images and masks)",
            "4_mask.png is missing",
            "2.png can't be read",
            "1_mask.png has label 7 at x=10, y=0",
            "A training can't start.");
    JsonNode report = Invocation.json(json);
    assertThat(report.get("can_start").asBoolean()).isFalse();
    int problems = 0;
    int images = 0;
    for (JsonNode split : report.get("splits")) {
      problems += split.get("problems").size();
      images += split.get("images").asInt();
    }
    assertThat(problems).isEqualTo(3);
    assertThat(images).isEqualTo(5);
    assertThat(sheet).exists();
  }

  @Test
  void sameImagesAndClassWeights() throws IOException {
    for (String split : List.of("train", "val")) {
      image(data.resolve("images/" + split + "/same_" + split + ".png"), 0xff0000, 0xff);
      mask(data.resolve("masks/" + split + "/same_" + split + ".png"), 0, 255);
      image(data.resolve("images/" + split + "/own.png"), 0xff0000, split.length());
      mask(data.resolve("masks/" + split + "/own.png"), 0, 1);
    }
    Path json = directory.resolve("check.json");
    Invocation checked = invoke(3, "dataset", "check", "--data", data, "--json", json);
    assertThat(checked.code()).as(checked.out()).isZero();
    assertThat(checked.out())
        .contains("1 image is in train and val, pixel by pixel (train/same_train = val/same_val)")
        .contains("Class 2 (of 3) never occurs")
        .contains("--class-weights 0.8750,1.167,1.000");
    // Frequencies: class 0 has 320 of the 480 pixels beside it, class 1 160 of 320; median 0.58.
    JsonNode weights = Invocation.json(json).get("class_weights");
    assertThat(weights.get(0).asDouble()).isCloseTo(0.875, within(1e-12));
    assertThat(weights.get(1).asDouble()).isCloseTo(7 / 6.0, within(1e-12));
  }

  @Test
  void aFolderOfNothingIsNamed() throws IOException {
    Files.createDirectories(data);
    Invocation checked = invoke(3, "dataset", "check", "--data", data);
    assertThat(checked.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(checked.err()).contains("no data set of a kind that is known", "nothing in it");
    assertThat(invoke(3, "dataset").code()).isEqualTo(AtrousCli.USAGE);
  }
}
