package dev.atrous.runtime.log;

import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.checkpoint.DurableFile;
import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.Overlay;
import dev.atrous.runtime.data.Thumbnail;
import dev.atrous.runtime.train.StepReport;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.ValidatedImage;
import dev.atrous.runtime.train.ValidationReport;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps how a training goes in its directory: as tables, {@value #STEPS} and {@value #VALIDATIONS},
 * and for TensorBoard. A run of up to 1000 steps has a row for each, a longer one for every tenth;
 * steps before a checkpoint and at the end have theirs as well. The loss of a row is the mean over
 * the steps since the row before.
 *
 * <p>For TensorBoard there are pictures as well: of a validation, the predictions for a few images,
 * the same each time. Of very many validations not each one has them.
 *
 * <p>A run that is resumed goes on with the tables; rows after the checkpoint that it resumes from
 * are dropped, so that no step is there twice.
 */
public final class TrainingLog implements TrainingListener {
  /** The table of the steps. */
  static final String STEPS = "log.csv";

  /** The table of the validations. */
  static final String VALIDATIONS = "validation.csv";

  private static final int SHORT_RUN = 1000; // steps
  private static final int BETWEEN_ROWS = 10; // of a longer run

  private static final int PICTURES = 4; // of a validation, at most
  private static final int SIDE = 320; // pixels of a picture, at most
  private static final int SHOWN = 50; // validations of a run with pictures, and the last

  private final Path directory;
  private final List<String> classNames;
  private long resumedAfter;
  private @Nullable EventFile events;
  private @Nullable StepReport last; // that is in no row
  private double lossSum;
  private int losses;
  private final Map<String, EncodedPicture> pictures = new LinkedHashMap<>(); // of a validation
  private long nextPictures; // the step from which on a validation has some
  private long steps; // of the run

  /**
   * @param directory of the run; exists when the run begins
   * @param classNames one for each class, or none
   */
  public TrainingLog(Path directory, List<String> classNames) {
    this.directory = directory;
    this.classNames = List.copyOf(classNames);
  }

  @Override
  public void onBegin(long step) {
    resumedAfter = step;
    dropAfter(step, STEPS);
    dropAfter(step, VALIDATIONS);
  }

  private void dropAfter(long step, String name) {
    Path file = directory.resolve(name);
    List<String> lines = TrainingCurves.lines(file);
    if (lines.isEmpty()) {
      return;
    }
    String kept =
        Stream.concat(
                lines.stream().limit(1), lines.stream().skip(1).filter(line -> step(line) <= step))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    try {
      DurableFile.write(file, kept.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Of a row; one that is damaged is dropped. */
  private static long step(String row) {
    String cell = row.split(",", -1)[0];
    return cell.matches("\\d{1,18}") ? Long.parseLong(cell) : Long.MAX_VALUE;
  }

  @Override
  public void onStep(StepReport report) {
    last = report;
    steps = report.steps();
    lossSum += report.loss();
    losses++;
    if (report.steps() <= SHORT_RUN || report.step() % BETWEEN_ROWS == 0) {
      row();
    }
  }

  @Override
  public void onCheckpoint(long step, Path prefix) {
    row();
  }

  @Override
  public void onEnd() {
    row();
    if (events != null) {
      events.close();
      events = null;
    }
  }

  private void row() {
    StepReport report = last;
    if (report == null) {
      return;
    }
    long step = report.step();
    double loss = lossSum / losses;
    last = null;
    lossSum = 0;
    losses = 0;
    append(
        STEPS,
        List.of("step", "loss", "learning_rate", "images_per_second"),
        List.of(step, loss, report.learningRate(), report.imagesPerSecond()));
    EventFile file = events();
    file.scalar("train/loss", step, loss);
    file.scalar("train/learning_rate", step, report.learningRate());
    file.scalar("train/images_per_second", step, report.imagesPerSecond());
  }

  /** Kept until the validation is complete. */
  @Override
  public void onValidatedImage(ValidatedImage image) {
    if (image.index() == 0) {
      pictures.clear();
    }
    if (isShown(image) && (image.step() >= nextPictures || image.step() == steps)) {
      Image prediction =
          Overlay.of(
              Thumbnail.of(image.sample().image().inColors(), SIDE),
              Thumbnail.of(image.prediction(), SIDE),
              image.colors());
      pictures.put(image.name(), EncodedPicture.jpeg(prediction));
    }
  }

  /** Whether it is one of those that are spread over the split evenly. */
  private static boolean isShown(ValidatedImage image) {
    int count = Math.min(PICTURES, image.images());
    return IntStream.range(0, count)
        .anyMatch(number -> image.index() == (long) number * image.images() / count);
  }

  /** One of the step that the run resumed from may be there already, and stays as it is. */
  @Override
  public void onValidation(ValidationReport report) {
    long step = report.step();
    double[] classIou = report.classIou();
    row();
    List<String> there = TrainingCurves.lines(directory.resolve(VALIDATIONS));
    if (there.size() > 1 && step(there.get(there.size() - 1)) == step) {
      return;
    }
    List<String> classes =
        IntStream.range(0, classIou.length)
            .mapToObj(label -> LabelCounts.name(label, classNames))
            .toList();
    append(
        VALIDATIONS,
        Stream.concat(
                Stream.of("step", "loss", "miou"), classes.stream().map(name -> "iou " + name))
            .toList(),
        Stream.concat(
                Stream.of(step, report.loss(), report.miou()), DoubleStream.of(classIou).boxed())
            .toList());
    EventFile file = events();
    file.scalar("validation/loss", step, report.loss());
    file.scalar("validation/miou", step, report.miou());
    for (int label = 0; label < classIou.length; label++) {
      file.scalar("validation/iou/" + classes.get(label), step, classIou[label]);
    }
    if (!pictures.isEmpty()) {
      pictures.forEach(
          (name, picture) -> file.picture("validation/prediction/" + name, step, picture));
      nextPictures = step + steps / SHOWN;
    }
  }

  private EventFile events() {
    EventFile file = events;
    if (file == null) {
      file = new EventFile(directory);
      file.resumeAfter(resumedAfter); // a run before it may have left some without a checkpoint
      events = file;
    }
    return file;
  }

  /** Not with channels, which an interrupt of the thread would close. */
  private void append(String name, List<String> header, List<?> row) {
    Path file = directory.resolve(name);
    String line = CsvTable.line(row.toArray());
    String text = file.toFile().length() == 0 ? CsvTable.line(header.toArray()) + line : line;
    try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RuntimeException failed(Path file, IOException e) {
    return WriteFailure.of("The log " + file, e);
  }
}
