package dev.atrous.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.train.StepReport;
import dev.atrous.runtime.train.ValidatedImage;
import dev.atrous.runtime.train.ValidationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import org.tensorflow.proto.Summary.Value;

@NullUnmarked // JUnit sets the directory
class TrainingLogTest {
  @TempDir Path directory;

  private static StepReport step(long step, long steps, float loss) {
    return new StepReport(step, steps, loss, 1.0 / step, 8, Duration.ZERO);
  }

  private TrainingLog begun(long step) {
    TrainingLog log = new TrainingLog(directory, List.of("sky, blue", "road"));
    log.onBegin(step);
    return log;
  }

  @Test
  void aShortRunHasARowForEachStep() throws Exception {
    TrainingLog log = begun(0);
    log.onStep(step(1, 2, 0.5f));
    log.onStep(step(2, 2, 0.25f));
    log.onEnd();
    assertThat(directory.resolve("log.csv"))
        .hasContent("step,loss,learning_rate,images_per_second\n1,0.5,1.0,8.0\n2,0.25,0.5,8.0\n");
    List<Event> events = EventFileTest.events(directory);
    assertThat(events).hasSize(2 + 2 * 3);
    assertThat(events.get(5).getSummary().getValue(0).getTag()).isEqualTo("train/loss");
    assertThat(events.get(5).getSummary().getValue(0).getSimpleValue()).isEqualTo(0.25f);
    assertThat(events.get(5).getStep()).isEqualTo(2);
  }

  /** A row is a mean: 1 to 10, 11 to 15 (a checkpoint), 16 to 20, 21 to 23 (the end). */
  @Test
  void aLongRunHasMeans() {
    TrainingLog log = begun(0);
    for (int i = 1; i <= 23; i++) {
      log.onStep(step(i, 2000, i));
      if (i == 15) {
        log.onCheckpoint(i, directory.resolve("model-15"));
      }
    }
    log.onEnd();
    assertThat(curves().rows())
        .extracting(TrainingCurves.Row::step, TrainingCurves.Row::loss)
        .containsExactly(tuple(10, 5.5), tuple(15, 13), tuple(20, 18), tuple(23, 22));
  }

  private static ValidationReport validation(
      long step, double miou, double loss, double... classIou) {
    return new ValidationReport(step, miou, classIou, loss, 1, false);
  }

  private static org.assertj.core.groups.Tuple tuple(long step, double loss) {
    return org.assertj.core.groups.Tuple.tuple(step, loss);
  }

  @Test
  void aResumedRunDropsWhatCameAfterItsCheckpoint() throws Exception {
    TrainingLog log = begun(0);
    for (int i = 1; i <= 5; i++) {
      log.onStep(step(i, 100, i));
      log.onValidation(validation(i, 0.1 * i, i, 0.1, Double.NaN));
    }
    log.onEnd();
    Files.writeString(directory.resolve("log.csv"), "6,0.1", StandardOpenOption.APPEND); // a crash
    TrainingLog resumed = begun(3);
    resumed.onValidation(validation(3, 0.9, 9, 0.9, 0.9)); // of the same weights
    resumed.onStep(step(4, 100, 40));
    resumed.onEnd();
    TrainingCurves curves = curves();
    assertThat(curves.rows())
        .extracting(TrainingCurves.Row::step, TrainingCurves.Row::loss)
        .containsExactly(tuple(1, 1), tuple(2, 2), tuple(3, 3), tuple(4, 40));
    assertThat(curves.validations())
        .extracting(TrainingCurves.Validation::step, TrainingCurves.Validation::loss)
        .containsExactly(tuple(1, 1), tuple(2, 2), tuple(3, 3));
    assertThat(EventFileTest.files(directory)).hasSize(2);
    assertThat(EventFileTest.events(directory))
        .filteredOn(Event::hasSessionLog)
        .extracting(Event::getStep)
        .containsExactly(1L, 4L);
  }

  @Test
  void aValidationHasEachClass() throws Exception {
    TrainingLog log = begun(0);
    log.onValidation(validation(7, 0.25, Double.NaN, 0.25, Double.NaN));
    log.onEnd();
    assertThat(directory.resolve("validation.csv"))
        .hasContent("step,loss,miou,\"iou 0 sky, blue\",iou 1 road\n7,,0.25,0.25,\n");
    TrainingCurves.Validation validation = curves().validations().get(0);
    assertThat(validation)
        .isEqualTo(new TrainingCurves.Validation(7, Double.NaN, 0.25, List.of(0.25, Double.NaN)));
    assertThat(EventFileTest.events(directory))
        .flatExtracting(event -> event.getSummary().getValueList())
        .extracting(value -> value.getTag())
        .containsExactly("validation/miou", "validation/iou/0 sky, blue");
  }

  private static void validated(TrainingLog log, long step, int images, int size) {
    for (int i = 0; i < images; i++) {
      byte[] labels = new byte[size * size];
      LabelMap prediction = new LabelMap(size, size, labels);
      Image image = new Image(size, size, new byte[3 * size * size]);
      log.onValidatedImage(
          new ValidatedImage(
              step,
              i,
              images,
              i + 1,
              "image" + i,
              new LabelledImage(image, prediction),
              prediction,
              new ConfusionMatrix(2),
              ClassColors.VOC));
    }
  }

  private List<Event> pictures() throws Exception {
    return EventFileTest.events(directory).stream()
        .filter(event -> event.getSummary().getValueList().stream().anyMatch(Value::hasImage))
        .toList();
  }

  @Test
  void aValidationShowsTheSameImagesEachTime() throws Exception {
    TrainingLog log = begun(0);
    for (int step = 1; step <= 3; step++) {
      log.onStep(step(step, 100, 1));
      validated(log, step, step == 2 ? 9 : 10, 640); // the second one is interrupted
      if (step != 2) {
        log.onValidation(validation(step, 0.5, 1, 0.5));
      }
    }
    log.onEnd();
    List<String> tags =
        Stream.of(0, 2, 5, 7).map(index -> "validation/prediction/image" + index).toList();
    List<Event> pictures = pictures();
    assertThat(pictures).extracting(Event::getStep).containsExactly(1L, 1L, 1L, 1L, 3L, 3L, 3L, 3L);
    for (int set = 0; set < 2; set++) {
      assertThat(pictures.subList(4 * set, 4 * set + 4))
          .extracting(event -> event.getSummary().getValue(0).getTag())
          .containsExactlyElementsOf(tags);
    }
    Summary.Image image = pictures.get(0).getSummary().getValue(0).getImage();
    assertThat(image.getWidth()).isEqualTo(320);
    assertThat(ImageIO.read(image.getEncodedImageString().newInput()).getHeight()).isEqualTo(320);
  }

  /** A validation after each of 200 steps, and the last one. */
  @Test
  void picturesOfVeryManyValidationsAreFew() throws Exception {
    TrainingLog log = begun(0);
    for (int step = 1; step <= 200; step++) {
      log.onStep(step(step, 200, 1));
      validated(log, step, 2, 4);
      log.onValidation(validation(step, 0.5, 1, 0.5));
    }
    log.onEnd();
    List<Long> steps = pictures().stream().map(Event::getStep).distinct().toList();
    assertThat(steps).hasSize(51).startsWith(1L, 5L, 9L).endsWith(197L, 200L);
    assertThat(pictures()).hasSize(2 * 51);
  }

  @Test
  void aRunWithoutALogHasNoCurves() {
    assertThat(curves()).isEqualTo(TrainingCurves.NONE);
    begun(5).onEnd();
    assertThat(directory).isEmptyDirectory();
  }

  private TrainingCurves curves() {
    return TrainingCurves.read(
        directory,
        problem -> {
          throw new AssertionError(problem);
        });
  }

  @Test
  void aDamagedTableIsNamedAndLeftOut() throws Exception {
    Files.writeString(
        directory.resolve("log.csv"), "step,loss,learning_rate,images_per_second\n1,many,1,1\n");
    Files.writeString(
        directory.resolve("validation.csv"), "step,loss,miou,\"iou 0 a, b\"\n1,0.5,0.25,0.25\n");
    List<String> problems = new ArrayList<>();
    TrainingCurves curves = TrainingCurves.read(directory, problems::add);
    assertThat(curves.rows()).isEmpty();
    assertThat(curves.validations()).hasSize(1);
    assertThat(problems)
        .singleElement()
        .asString()
        .contains("log.csv is damaged in line 2: '1,many,1,1'. Remove the line");
    Files.writeString(
        directory.resolve("validation.csv"),
        "step,loss,miou,\"iou 0 a, b\",iou 1 c\n1,0.5,0.25,0.25\n"); // cut off
    TrainingCurves.read(directory, problems::add);
    assertThat(problems).hasSize(3);
    assertThat(problems.get(2)).contains("validation.csv is damaged in line 2: '1,0.5,0.25,0.25'");
  }
}
