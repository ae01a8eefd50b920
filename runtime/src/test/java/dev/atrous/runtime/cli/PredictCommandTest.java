package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atrous.runtime.OtherJvm;
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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code predict} makes of images, files and folders. */
class PredictCommandTest extends InferenceFixture {
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
  @Tag("slow")
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
