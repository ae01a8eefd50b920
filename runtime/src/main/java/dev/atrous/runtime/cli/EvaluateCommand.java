package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.ContactSheet;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.data.Overlay;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.report.ReportClasses;
import dev.atrous.runtime.train.RunRecord;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model on a data set. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = "Measure mean intersection over union (mIoU) on a data set with masks.")
final class EvaluateCommand extends ModelCommand {
  @Mixin DataOption data = new DataOption();

  @Mixin SplitOption split = new SplitOption("val");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Write pictures of the first images: overlays and a contact sheet.")
  @Nullable Path output;

  @Option(
      names = "--overlays",
      paramLabel = "N",
      description = "How many images to write to --output; default: 8.")
  int overlays = 8;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write a report: a page (report.html), the same figures as tables, events for TensorBoard.")
  @Nullable Path report;

  @Mixin InferenceOptions inference = new InferenceOptions();

  EvaluateCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    ModelDescription description = model.description();
    PredictorOptions options = valid(() -> inference.of(description));
    if (overlays < 0) {
      throw misuse("--overlays is " + overlays + "; it must be at least 0.");
    }
    Folders.create("output directory", output);
    Folders.create("directory of the report", report);
    FolderDataset dataset = dataset(description, options.weights());
    inference.nameClasses(dataset.labels().classNames());
    LabelCounts counts = validate(dataset, inference.classNames);
    note(InferenceOptions.remarks(description, options));
    note(WeightsRemarks.ofEvaluation(dataset, options.weights()));
    PrintWriter console = console(json);
    EvaluationReport figures =
        new EvaluationReport(
            description,
            options,
            dataset,
            counts,
            new ReportClasses(inference.classNames, colors(dataset, options.weights())),
            remark -> note(List.of(remark)));
    InferenceOptions.prepare(options);
    try (Predictor predictor = new Predictor(model, options)) {
      console.println(
          format(
              "Evaluating %s on %s (%s; labels: %s): %d images, output stride %d%s, weights %s",
              description.name(),
              dataset.name(),
              dataset.layout(),
              dataset.labels().name(),
              dataset.size(),
              options.outputStride(),
              InferenceOptions.describe(options.averaging()),
              predictor.checkpoint()));
      console.flush();
      EvaluationResult result =
          new Evaluator(predictor, inference.batchSize())
              .evaluate(dataset, new ImageProgress(err(), "image", dataset.size()), figures::add);
      if (result.images() < dataset.size()) {
        throw new AtrousException(
            "The evaluation was interrupted after %d of %d images."
                .formatted(result.images(), dataset.size()));
      }
      print(result, counts.present(), console);
      if (output != null && overlays > 0) {
        writePictures(dataset, predictor, colors(dataset, options.weights()), output);
        console.println("Pictures: " + output);
      }
      if (report != null) {
        console.println("Report: " + figures.write(result, predictor, report));
      }
      json.write(results(description, options, dataset, counts.present(), predictor, result));
    }
    return AtrousCli.OK;
  }

  /**
   * The data. Where nothing else says what its labels mean, they are read as in the training, if
   * that had a folder of the same layout.
   */
  private FolderDataset dataset(ModelDescription model, Path weights) {
    Path root = data.directory();
    FolderDataset.Reading trained =
        RunRecord.of(weights)
            .map(RunRecord::data)
            .filter(run -> run.format().equals(FolderDataset.format(root, data.format)))
            .filter(run -> !Files.exists(root.resolve(FolderDataset.RULES_FILE)))
            .map(run -> run.reading(model.classes()))
            .orElse(null);
    return FolderDataset.open(
            root,
            split.name,
            model.classes(),
            valid(() -> data.reading(model.classes(), inference.classNames, trained)))
        .withPixels(ImageInput.of(model).format());
  }

  /** Those of the data, or else of the data that the model was trained on. */
  private static ClassColors colors(FolderDataset data, Path weights) {
    ClassColors own = data.labels().classColors();
    return own == ClassColors.VOC
        ? RunRecord.of(weights)
            .map(RunRecord::data)
            .map(run -> run.rules(data.classes()).classColors())
            .orElse(own)
        : own;
  }

  private void print(EvaluationResult result, List<Integer> present, PrintWriter console) {
    ConfusionMatrix confusion = result.confusion();
    Table table = new Table("class", "IoU %");
    for (int label = 0; label < confusion.classes(); label++) {
      table.add(inference.className(label), percent(confusion.iou(label)));
    }
    int counted = confusion.countedClasses();
    table.add(
        counted == confusion.classes()
            ? "mean (mIoU)"
            : "mean of " + counted + " of " + confusion.classes() + " classes (mIoU)",
        percent(confusion.meanIou()));
    table.add("pixel accuracy", percent(confusion.pixelAccuracy()));
    table.print(console);
    if (present.size() == 1 && confusion.classes() > 1) {
      console.println(
          "The masks have class "
              + inference.className(present.get(0))
              + " alone: these figures say nothing about the others.");
    }
    console.println(format("%d images, %.2f images/s", result.images(), result.imagesPerSecond()));
  }

  /** With two decimals, as papers have it; a dash where nothing was counted. */
  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : format("%.2f", 100 * share);
  }

  private void writePictures(
      FolderDataset dataset, Predictor predictor, ClassColors colors, Path folder) {
    ContactSheet sheet = new ContactSheet(colors, "image", "truth", "prediction");
    FolderDataset samples = dataset.withPixels(predictor.pixels());
    Set<Path> shown = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < dataset.size() && shown.size() < overlays; i++) {
      if (shown.add(dataset.file(i).orElseThrow())) {
        String id = dataset.sampleName(i);
        LabelledImage loaded = samples.load(i);
        LabelMap prediction = predictor.predict(loaded.image());
        Overlay.of(loaded.image(), prediction, colors).write(folder.resolve(fileName(id, names)));
        sheet.add(id, loaded.image(), loaded.labels(), prediction);
      }
    }
    sheet.write(folder.resolve("contact_sheet.png"), inference::className);
  }

  /**
   * A name of its own for an overlay: IDs may differ in what a file name can't have, or in case.
   *
   * @param names given so far, in lower case
   */
  private static String fileName(String sample, Set<String> names) {
    String id = sample.replaceAll("[^\\p{IsAlphabetic}\\p{IsDigit}._-]", "_");
    String name = id;
    for (int i = 2; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
      name = id + "_" + i;
    }
    return name + "_overlay.png";
  }

  private ObjectNode results(
      ModelDescription model,
      PredictorOptions options,
      FolderDataset dataset,
      List<Integer> present,
      Predictor predictor,
      EvaluationResult result) {
    ConfusionMatrix confusion = result.confusion();
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.name());
    json.put("data", dataset.name());
    json.put("format", dataset.format());
    json.put("labels", dataset.labels().name());
    json.put("weights", options.weights().toString());
    json.put("checkpoint", predictor.checkpoint().toString());
    json.put("output_stride", options.outputStride());
    InferenceOptions.putAveraging(json, options.averaging());
    json.set("miou", JsonOutput.number(confusion.meanIou()));
    ArrayNode classes = json.putArray("per_class_iou");
    for (double iou : confusion.perClassIou()) {
      classes.add(JsonOutput.number(iou));
    }
    present.forEach(json.putArray("classes_in_masks")::add);
    if (!inference.classNames.isEmpty()) {
      ArrayNode names = json.putArray("class_names");
      inference.classNames.forEach(names::add);
    }
    json.set("pixel_accuracy", JsonOutput.number(confusion.pixelAccuracy()));
    json.put("images", result.images());
    json.put("images_per_second", result.imagesPerSecond());
    return json;
  }
}
