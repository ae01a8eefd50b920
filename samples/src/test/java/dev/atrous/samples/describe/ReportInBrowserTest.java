package dev.atrous.samples.describe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.report.ImageRanking;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.report.ReportPage;
import dev.atrous.runtime.report.ShownImage;
import dev.atrous.samples.DeepLabV3Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports in a browser, as {@link PageInBrowserTest} has the pages of models. */
final class ReportInBrowserTest {
  @BeforeEach
  void aBrowserIsNeeded() {
    MeasuredPage.assumeABrowser();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 21, 24, 25, 150, 255})
  void isInOrder(int classes) throws Exception {
    MeasuredPage light = MeasuredPage.of(page(classes), 1280, false);
    assertThat(light.problems()).isEmpty();
    assertThat(light.facts()).contains("data-drawings=\"" + (classes > 24 ? 2 : 1) + "\"");
    MeasuredPage dark = MeasuredPage.of(page(classes), 800, true);
    assertThat(dark.problems()).isEmpty();
    assertThat(dark.facts()).contains("data-width=\"800\"", "data-paper=\"rgb(20, 24, 29)\"");
  }

  private static String page(int size) {
    Random random = new Random(1);
    ReportClasses classes =
        new ReportClasses(
            IntStream.range(0, size).mapToObj(label -> "a class & <" + label + ">").toList(),
            ClassColors.VOC);
    ReportPage page = new ReportPage("Report of " + size, "made for a test");
    page.tile("mean IoU", "50.00%", "of all");
    page.tile("pixel accuracy", "50.00%", "of the counted pixels");
    page.tile("images", "3", "a/val");
    page.tile("speed", "1.25 images/s", "with loading and counting");
    LabelMap truth = labels(size, random);
    LabelMap prediction = labels(size, random);
    ConfusionMatrix confusion = new ConfusionMatrix(size);
    confusion.add(truth.labels(), prediction.labels());
    page.confusion(confusion, classes);
    byte[] rgb = new byte[3 * truth.labels().length];
    random.nextBytes(rgb);
    LabelledImage sample = new LabelledImage(new Image(truth.width(), truth.height(), rgb), truth);
    List<ShownImage> images = new ArrayList<>();
    for (ImageRanking.Kind kind : ImageRanking.Kind.values()) {
      ImageRanking.Score score = new ImageRanking.Score(0, 0.5, 0.5);
      ImageRanking.Choice choice = new ImageRanking.Choice(kind, score);
      images.add(ShownImage.of(choice, "sample " + kind, sample, prediction));
    }
    page.images(images, classes);
    page.curves(curves(size, random));
    page.facts("Data", List.of(new Fact("folder", "/a/very/long/name".repeat(20))));
    page.facts("Recipe", Fact.of(new DeepLabV3Model().description()));
    return page.html("made for a test");
  }

  private static LabelMap labels(int classes, Random random) {
    byte[] labels = new byte[64 * 48];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) random.nextInt(classes);
    }
    return new LabelMap(64, 48, labels);
  }

  private static TrainingCurves curves(int size, Random random) {
    return new TrainingCurves(
        IntStream.rangeClosed(1, 100 * size)
            .mapToObj(i -> new TrainingCurves.Row(10L * i, random.nextDouble(), 0.007 / i, 1.5))
            .toList(),
        IntStream.rangeClosed(1, size % 100)
            .mapToObj(
                i ->
                    new TrainingCurves.Validation(
                        1000L * i, random.nextDouble(), random.nextDouble(), List.of()))
            .toList());
  }
}
