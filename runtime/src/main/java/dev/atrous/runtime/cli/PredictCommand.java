package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.ImageSet;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelRules;
import dev.atrous.runtime.data.Legend;
import dev.atrous.runtime.data.MaskValues;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.train.RunRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Labels images. One that can't be read or labelled is reported, and the others are done all the
 * same.
 */
@Command(
    name = "predict",
    sortOptions = false,
    description = {
      "Label each pixel of images.",
      "Writes NAME.png, a mask whose colours are class numbers, and NAME_overlay.png;",
      "in overlay_legend.png, which colour is which class."
    })
final class PredictCommand extends ModelCommand {
  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Image files, or folders of images, which keep their places below.")
  List<Path> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the pictures go; default: predictions.")
  Path output = Path.of("predictions");

  @Option(
      names = "--own-values",
      description =
          "Write masks in the values or colours of the data that the model was trained on; default:"
              + " the numbers of the classes.")
  boolean ownValues;

  @Option(
      names = "--probabilities",
      description =
          "Write NAME_probability.png, how probable the label of each pixel is (255 is 1), and"
              + " NAME_probabilities.npy, how probable each class is: float32, [height, width,"
              + " classes].")
  boolean probabilities;

  private MaskValues values = MaskValues.CLASSES;
  private ClassColors colors = ClassColors.VOC;

  @Mixin InferenceOptions inference = new InferenceOptions();

  PredictCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    PredictorOptions options = valid(() -> inference.of(model.description()));
    Optional<LabelRules> rules = rules(model.description(), options.weights());
    if (rules.isPresent()) {
      inference.nameClasses(rules.get().classNames());
      colors = rules.get().classColors();
    }
    if (ownValues) {
      values = rules.orElseThrow(PredictCommand::unknownValues).values();
    }
    List<Prediction> plan = Prediction.plan(inputs, output, probabilities);
    Folders.create("output directory", output);
    PrintWriter console = console(json);
    ArrayNode results = JsonOutput.NODES.arrayNode();
    ImageSet images =
        ImageSet.of(plan.stream().map(Prediction::image).toList())
            .withPixels(ImageInput.of(model.description()).format());
    note(images.remarks());
    note(InferenceOptions.remarks(model.description(), options));
    InferenceOptions.prepare(options);
    try (Predictor predictor = new Predictor(model, options)) {
      Legend.write(
          output.resolve(Prediction.LEGEND), colors, predictor.classes(), inference::className);
      ImageSet read = images.withPixels(predictor.pixels());
      ImageProgress progress = new ImageProgress(err(), "image", plan.size());
      int done = 0;
      while (done < plan.size()) {
        int end = Math.min(done + inference.batchSize(), plan.size());
        for (ObjectNode result : predict(plan.subList(done, end), read, predictor, console)) {
          result.put("output_stride", options.outputStride());
          InferenceOptions.putAveraging(result, options.averaging());
          results.add(result);
        }
        done = end;
        progress.accept(done);
      }
      console.println(
          format(
              "%d images in %s, %.2f images/s, weights %s",
              results.size(), output, progress.speed(results.size()), predictor.checkpoint()));
    }
    json.write(results);
    if (results.size() < plan.size()) {
      throw new AtrousException(
          "%d of %d images can't be read or labelled; the others are done."
              .formatted(plan.size() - results.size(), plan.size()));
    }
    return AtrousCli.OK;
  }

  /** What the values of masks meant in the training, where that is known. */
  private static Optional<LabelRules> rules(ModelDescription model, Path weights) {
    return RunRecord.of(weights).map(RunRecord::data).map(run -> run.rules(model.classes()));
  }

  private static AtrousException unknownValues() {
    return new AtrousException(
        "--own-values needs the run.json of the training beside the weights, which says what values its masks have. Without it, leave out the option.");
  }

  /** Writes the pictures of those images that can be read, and describes them. */
  private List<ObjectNode> predict(
      List<Prediction> batch, ImageSet set, Predictor predictor, PrintWriter console) {
    Map<Prediction, ImageRows> images = new LinkedHashMap<>();
    for (Prediction prediction : batch) {
      ImageRows image = open(prediction.image(), set);
      if (image != null) {
        images.put(prediction, image);
      }
    }
    return label(images, predictor, console);
  }

  /** Labels images together, or if that fails, each by itself: what fails is one image's. */
  private List<ObjectNode> label(
      Map<Prediction, ImageRows> images, Predictor predictor, PrintWriter console) {
    String reason;
    try {
      return labelTogether(images, predictor, console);
    } catch (AtrousException e) {
      if (e.getCause() instanceof IOException) { // pictures can't be written
        throw e;
      }
      reason = String.valueOf(e.getMessage());
    } catch (OutOfMemoryError e) {
      reason =
          "The Java heap is full. Give it more, for example -Xmx8g, or use "
              + (inference.window == null ? "--window." : "a smaller --window.");
    }
    List<ObjectNode> results = new ArrayList<>();
    for (Map.Entry<Prediction, ImageRows> image : images.entrySet()) {
      if (images.size() == 1) {
        failed(image.getKey(), reason);
      } else {
        results.addAll(label(Map.ofEntries(image), predictor, console));
      }
    }
    return results;
  }

  private List<ObjectNode> labelTogether(
      Map<Prediction, ImageRows> images, Predictor predictor, PrintWriter console) {
    List<PredictedImage> predicted = new ArrayList<>();
    try {
      images.forEach(
          (prediction, image) ->
              predicted.add(
                  new PredictedImage(
                      prediction, image, values, colors, probabilities ? predictor.classes() : 0)));
      List<ImageRows> rows = predicted.stream().map(PredictedImage::image).toList();
      if (probabilities) {
        predictor.predict(rows, (image, top, labels, all) -> predicted.get(image).add(labels, all));
      } else {
        predictor.predict(rows, (image, top, labels) -> predicted.get(image).add(labels));
      }
      predicted.forEach(PredictedImage::finish);
    } finally {
      predicted.forEach(PredictedImage::close);
    }
    return predicted.stream().map(image -> result(image, console)).toList();
  }

  private void failed(Prediction prediction, String reason) {
    String begin = "Image " + prediction.image();
    boolean named = reason.startsWith(begin);
    err().println("error: " + (named ? "" : begin + " can't be labelled: ") + reason);
  }

  /** With windows in strips, else as a whole. Null, with a message, for a file that is no image. */
  private @Nullable ImageRows open(Path file, ImageSet set) {
    try {
      return inference.window == null ? set.read(file) : set.open(file);
    } catch (AtrousException e) {
      err().println("error: " + e.getMessage());
      return null;
    }
  }

  /** Prints a line about an image and makes its JSON. */
  private ObjectNode result(PredictedImage image, PrintWriter console) {
    Prediction prediction = image.prediction();
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("image", prediction.image().toString());
    json.put("mask", prediction.mask().toString());
    json.put("overlay", prediction.overlay().toString());
    if (probabilities) {
      json.put("probability", prediction.probability().toString());
      json.put("probabilities", prediction.probabilities().toString());
    }
    json.put("height", image.image().height());
    json.put("width", image.image().width());
    ArrayNode classes = json.putArray("classes");
    List<String> shares = new ArrayList<>();
    for (int label = 0; label <= LabelMap.VOID; label++) {
      double share = image.share(label);
      if (share > 0) {
        ObjectNode found = classes.addObject().put("class", label);
        inference.putName(found, label);
        found.put("share", share);
        shares.add(format("%s: %.1f%%", inference.className(label), 100 * share));
      }
    }
    console.println(
        prediction.image() + " -> " + prediction.mask() + "  (" + String.join(", ", shares) + ")");
    console.flush();
    return json;
  }
}
