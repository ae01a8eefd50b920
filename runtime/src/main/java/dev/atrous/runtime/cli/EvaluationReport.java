package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.log.CsvTable;
import dev.atrous.runtime.log.EventFile;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.ImageResult;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.report.ImageRanking;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.report.ReportPage;
import dev.atrous.runtime.report.ShownImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of an evaluation: a page, the same figures as tables, and events for TensorBoard. The
 * score of each image is kept alone; those that are shown are labelled a second time.
 */
final class EvaluationReport {
  private static final Pattern STEP = Pattern.compile(".*-(\\d{1,18})");

  private final ModelDescription model;
  private final PredictorOptions options;
  private final FolderDataset data;
  private final LabelCounts counts;
  private final ReportClasses classes;
  private final Consumer<String> remarks;
  private final ImageRanking ranking = new ImageRanking();
  private final CsvTable images = new CsvTable("image", "miou", "pixel_accuracy");

  /**
   * @param counts of the labels of the data
   * @param classes their names and colours
   * @param remarks is told what the report lacks, in sentences
   */
  EvaluationReport(
      ModelDescription model,
      PredictorOptions options,
      FolderDataset data,
      LabelCounts counts,
      ReportClasses classes,
      Consumer<String> remarks) {
    this.model = model;
    this.options = options;
    this.data = data;
    this.counts = counts;
    this.classes = classes;
    this.remarks = remarks;
  }

  /** Adds the result of an image. */
  void add(ImageResult result) {
    ImageRanking.Score score = ImageRanking.Score.of(result.index(), result.confusion());
    images.add(data.sampleName(result.index()), score.miou(), score.accuracy());
    ranking.add(score);
  }

  /**
   * Writes everything.
   *
   * @param predictor with the weights that were evaluated
   * @param folder exists
   * @return the page
   * @throws dev.atrous.runtime.AtrousException if a file can't be written
   */
  Path write(EvaluationResult result, Predictor predictor, Path folder) {
    List<ShownImage> shown = ClosingEvaluation.shown(ranking, data, predictor);
    writeTables(result.confusion(), folder);
    writeEvents(result.confusion(), shown, step(predictor.checkpoint()), folder);
    Path page = folder.resolve("report.html");
    new OutputFile("report", page.toString()).write(page(result, predictor, shown));
    return page;
  }

  private void writeTables(ConfusionMatrix confusion, Path folder) {
    int size = confusion.classes();
    CsvTable table =
        new CsvTable("class", "iou", "recall", "precision", "truth_pixels", "predicted_pixels");
    List<Object> header = new ArrayList<>(List.of("truth"));
    for (int label = 0; label < size; label++) {
      String name = LabelCounts.name(label, classes.names());
      header.add(name);
      table.add(
          name,
          confusion.iou(label),
          confusion.recall(label),
          confusion.precision(label),
          confusion.truthPixels(label),
          confusion.predictedPixels(label));
    }
    table.write(folder.resolve("classes.csv"));
    CsvTable matrix = new CsvTable(header.toArray());
    for (int truth = 0; truth < size; truth++) {
      List<Object> row = new ArrayList<>(List.of(header.get(truth + 1)));
      for (int prediction = 0; prediction < size; prediction++) {
        row.add(confusion.count(truth, prediction));
      }
      matrix.add(row.toArray());
    }
    matrix.write(folder.resolve("confusion.csv"));
    images.write(folder.resolve("images.csv"));
  }

  private void writeEvents(
      ConfusionMatrix confusion, List<ShownImage> shown, long step, Path folder) {
    try (EventFile events = new EventFile(folder)) {
      events.scalar("evaluation/miou", step, confusion.meanIou());
      events.scalar("evaluation/pixel_accuracy", step, confusion.pixelAccuracy());
      for (int label = 0; label < confusion.classes(); label++) {
        String name = LabelCounts.name(label, classes.names());
        events.scalar("evaluation/iou/" + name, step, confusion.iou(label));
      }
      for (ShownImage image : shown) {
        String kind = image.choice().kind().name().toLowerCase(Locale.ROOT);
        events.picture(
            "predictions/" + kind + "/" + image.name(),
            step,
            EncodedPicture.png(image.overlay(classes.colors())));
      }
    }
  }

  /** Of a checkpoint of a training; 0 for another. */
  private static long step(Path checkpoint) {
    Matcher name = STEP.matcher(String.valueOf(checkpoint.getFileName()));
    return name.matches() ? Long.parseLong(name.group(1)) : 0;
  }

  private static String weights(Path checkpoint) {
    long step = step(checkpoint);
    return step == 0 ? "weights " + checkpoint.getFileName() : "step " + Quantities.count(step);
  }

  private String page(EvaluationResult result, Predictor predictor, List<ShownImage> shown) {
    ConfusionMatrix confusion = result.confusion();
    ReportPage page =
        new ReportPage(
            model.name() + " on " + data.name(),
            "%s at output stride %d%s, %s"
                .formatted(
                    model.backbone(),
                    options.outputStride(),
                    InferenceOptions.describe(options.averaging()),
                    weights(predictor.checkpoint())));
    page.meanIou(confusion, "");
    page.tile(
        "pixel accuracy", ReportPage.percent(confusion.pixelAccuracy()), "of the counted pixels");
    page.tile("images", Quantities.count(result.images()), data.name());
    page.tile(
        "speed",
        String.format(Locale.ROOT, "%.2f images/s", result.imagesPerSecond()),
        "with loading and counting");
    page.confusion(confusion, classes);
    page.images(shown, classes);
    page.curves(curves());
    page.facts("Data", ReportFacts.data(data, counts));
    page.facts("Evaluation", evaluation(predictor));
    page.facts(
        "Machine",
        ReportFacts.machine(options.device().resolve(), options.precision(), options.threads()));
    page.facts("Versions", ReportFacts.versions());
    page.facts("Recipe", Fact.of(model));
    return page.html(ReportFacts.footer("evaluate"));
  }

  /** Of the training whose directory the weights are in. */
  private TrainingCurves curves() {
    return Files.isDirectory(options.weights())
        ? ReportFacts.curves(options.weights(), remarks)
        : TrainingCurves.NONE;
  }

  private List<Fact> evaluation(Predictor predictor) {
    String averaging = InferenceOptions.describe(options.averaging());
    return List.of(
        new Fact("weights", predictor.checkpoint().toString()),
        new Fact("output stride", String.valueOf(options.outputStride())),
        new Fact("averaged", averaging.isEmpty() ? "nothing" : averaging.substring(2)),
        new Fact("padded to", "at least " + options.crop() + " x " + options.crop()));
  }
}
