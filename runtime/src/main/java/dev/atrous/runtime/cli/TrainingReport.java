package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.report.ReportPage;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The page of a training, of what its directory has: also of the parts of a run before it was
 * resumed.
 *
 * @param counts of the labels of the data
 * @param classes their names and colours
 * @param seconds that this part of the run took
 */
record TrainingReport(
    ModelDescription model,
    TrainingOptions options,
    FolderDataset data,
    LabelCounts counts,
    ReportClasses classes,
    Device device,
    TrainingResult result,
    double seconds) {

  /**
   * Writes the page.
   *
   * @param directory of the run
   * @param evaluation of its weights; null if there is none
   * @param remarks is told why it has no curves, if its log is damaged
   * @return the page
   * @throws dev.atrous.runtime.AtrousException if it can't be written
   */
  Path write(Path directory, @Nullable ClosingEvaluation evaluation, Consumer<String> remarks) {
    Path file = directory.resolve("report.html");
    new OutputFile("report", file.toString())
        .write(page(ReportFacts.curves(directory, remarks), evaluation));
    return file;
  }

  private String page(TrainingCurves curves, @Nullable ClosingEvaluation evaluation) {
    ReportPage page =
        new ReportPage(
            model.name() + ", trained on " + data.name(),
            "%s at output stride %d, %d classes, crops of %d × %d pixels"
                .formatted(
                    model.backbone(),
                    model.outputStride(),
                    model.classes(),
                    options.crop(),
                    options.crop()));
    page.tile(
        "steps",
        Quantities.count(result.step()),
        "of " + Quantities.count(options.steps()) + ", batches of " + options.batchSize());
    page.tile("loss", figure("%.4f", result.loss()), "mean of the last steps, at most 100");
    List<TrainingCurves.Validation> validations = curves.validations();
    if (evaluation != null) {
      page.meanIou(evaluation.confusion(), ", on " + evaluation.data());
    } else if (validations.isEmpty()) {
      page.tile("mean IoU", "–", "no validation; see evaluate");
    } else {
      TrainingCurves.Validation last = validations.get(validations.size() - 1);
      page.tile(
          "mean IoU",
          ReportPage.percent(last.miou()),
          "validation after step " + Quantities.count(last.step()));
    }
    page.tile(
        "speed",
        figure("%.2f images/s", result.imagesPerSecond()),
        figure("in %.0f s since start or resume", seconds));
    page.curves(curves);
    if (evaluation != null) {
      page.confusion(evaluation.confusion(), classes);
      page.images(evaluation.shown(), classes);
    } else if (!validations.isEmpty()) {
      page.classes(validations.get(validations.size() - 1), classes);
    }
    page.facts("Data", ReportFacts.data(data, counts));
    page.facts("Run", run());
    page.facts("Machine", ReportFacts.machine(device, options.precision(), options.threads()));
    page.facts("Versions", ReportFacts.versions());
    page.facts("Recipe", Fact.of(model));
    return page.html(ReportFacts.footer("train"));
  }

  private static String figure(String format, double value) {
    return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
  }

  /** What the run was made with, which may differ from the spec. */
  private List<Fact> run() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("steps", options.steps() + " of " + options.batchSize() + " crops"));
    facts.add(new Fact("crop", options.crop() + " x " + options.crop()));
    facts.add(
        new Fact(
            "learning rate",
            Fact.learningRate(
                options.learningRate(),
                options.schedule(),
                options.power(),
                options.warmupSteps())));
    if (!options.classWeights().isEmpty()) {
      facts.add(new Fact("class weights", options.classWeights().toString()));
    }
    facts.add(new Fact("seed", String.valueOf(options.seed())));
    Path weights = options.weights();
    facts.add(new Fact("started from", weights == null ? "initial values" : weights.toString()));
    facts.add(new Fact("median step", figure("%.3f s", result.medianStepSeconds())));
    Path checkpoint = result.checkpoint();
    facts.add(new Fact("checkpoint", checkpoint == null ? "none" : checkpoint.toString()));
    return facts;
  }
}
