package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.runtime.data.LabelMap;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, evaluation and prediction of a model of four bands. */
class BandsTest {
  private static final int SIDE = 48;

  private final Path root;

  BandsTest(@TempDir Path root) {
    this.root = root;
  }

  /** An output of the command line, and its exit code. */
  private record Outcome(int code, String text) {}

  private static Outcome run(String... args) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    int code = AtrousCli.execute(args, writer, writer, new FourBandsModel());
    return new Outcome(code, text.toString());
  }

  /** Colours are noise; the fourth band alone tells the class: TIFFs, and one PNG. */
  private void writeData() throws IOException {
    Files.createDirectories(root.resolve("JPEGImages"));
    Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    List<String> names = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 6; i++) {
      String name = "image" + i;
      names.add(name);
      BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_4BYTE_ABGR);
      byte[] labels = new byte[SIDE * SIDE];
      int edge = 12 + random.nextInt(24);
      for (int at = 0; at < labels.length; at++) {
        boolean inside = at % SIDE < edge == (i % 2 == 0);
        labels[at] = (byte) (inside ? 1 : 0);
        int[] pixel = {random.nextInt(256), random.nextInt(256), random.nextInt(256), 0};
        pixel[3] = inside ? 216 : 40;
        image.getRaster().setPixel(at % SIDE, at / SIDE, pixel);
      }
      String format = i == 0 ? "png" : "tiff";
      Path file = root.resolve("JPEGImages/" + name + (i == 0 ? ".png" : ".tif"));
      assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
      new LabelMap(SIDE, SIDE, labels).write(root.resolve("SegmentationClass/" + name + ".png"));
    }
    Files.write(root.resolve("ImageSets/Segmentation/train.txt"), names);
    Files.write(root.resolve("ImageSets/Segmentation/val.txt"), names);
  }

  @Test
  void learnsFromItsFourthBandAndRefusesOthers() throws IOException {
    writeData();
    String data = root.toString();
    String weights = root.resolve("run").toString();
    Outcome train = run("train", "--data", data, "--output", weights, "--device", "cpu");
    assertThat(train.code()).as(train.text()).isZero();

    String results = root.resolve("evaluation").toString();
    Outcome evaluate =
        run(
            "evaluate",
            "--data",
            data,
            "--weights",
            weights,
            "--output",
            results,
            "--device",
            "cpu");
    assertThat(evaluate.code()).as(evaluate.text()).isZero();
    // without the fourth band half of the pixels are right, a third in the mean over the classes
    double miou =
        evaluate
            .text()
            .lines()
            .filter(line -> line.contains("mean (mIoU)"))
            .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .findFirst()
            .orElseThrow();
    assertThat(miou).as(evaluate.text()).isGreaterThan(60);

    String image = root.resolve("JPEGImages/image1.tif").toString();
    Path predictions = root.resolve("predictions");
    Outcome predict =
        run("predict", "--weights", weights, "--output", predictions.toString(), image);
    assertThat(predict.code()).as(predict.text()).isZero();
    assertThat(predictions).isDirectoryContaining("glob:**overlay*");

    Path colors = root.resolve("colors.png");
    ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_3BYTE_BGR), "png", colors.toFile());
    Outcome refused =
        run("predict", "--weights", weights, "--output", predictions.toString(), colors.toString());
    assertThat(refused.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(refused.text())
        .contains(colors.toString(), "has 3 bands, and the model wants 4", "bands = 3");
  }

  /** The fourth band is 216 and 40: what the check says of it stands between. */
  @Test
  void theCheckSaysWhatItsBandsHave() throws IOException {
    writeData();
    Outcome check = run("dataset", "check", "--data", root.toString());
    assertThat(check.code()).as(check.text()).isZero();
    Matcher bands =
        Pattern.compile("bands = 4, bandMean = \\{(.*?)}, bandDeviation = \\{(.*?)}\\)")
            .matcher(check.text());
    assertThat(bands.find()).as(check.text()).isTrue();
    double mean = Double.parseDouble(bands.group(1).split(", ", -1)[3]);
    double deviation = Double.parseDouble(bands.group(2).split(", ", -1)[3]);
    // of two values, mean and deviation are of one circle
    assertThat(deviation).isCloseTo(Math.sqrt((216 - mean) * (mean - 40)), within(0.1));
  }

  @Test
  void isMeasuredLikeOthers() {
    for (String mode : List.of("train", "predict")) {
      Outcome bench =
          run("bench", "--mode", mode, "--steps", "1", "--warmup", "0", "--device", "cpu");
      assertThat(bench.code()).as(bench.text()).isZero();
    }
  }

  @Test
  void describeTellsTheBands() {
    assertThat(run("describe").text())
        .contains("4, means 128, 128, 128, 128, deviations 74, 74, 74, 88")
        .contains("vertical flip, rotation by up to 10 degrees");
  }
}
