package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ImageSet;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.Overlay;
import dev.atrous.runtime.data.RgbImage;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "Writes NAME.png, a mask whose colours are class numbers, and NAME_overlay.png."
    })
final class PredictCommand extends ModelCommand {
  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Image files, or folders of images.")
  List<Path> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Where the pictures go; default: predictions.")
  Path output = Path.of("predictions");

  private static final String HEAP_FULL =
      "The Java heap is full. Give it more, for example -Xmx8g, or use --window.";

  @Mixin InferenceOptions inference = new InferenceOptions();

  PredictCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    PredictorOptions options = valid(() -> inference.of(model.description()));
    List<Prediction> plan = Prediction.plan(inputs, output);
    Folders.create("output directory", output);
    PrintWriter console = console(json);
    ArrayNode results = JsonOutput.NODES.arrayNode();
    ImageSet images =
        ImageSet.of(plan.stream().map(Prediction::image).toList())
            .withBands(model.description().bands());
    note(images.remarks());
    try (Predictor predictor = new Predictor(model, options)) {
      ImageProgress progress = new ImageProgress(err(), "image", plan.size());
      int done = 0;
      while (done < plan.size()) {
        int end = Math.min(done + inference.batchSize(), plan.size());
        for (ObjectNode result : predict(plan.subList(done, end), images, predictor, console)) {
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

  /** Writes the pictures of those images that can be read, and describes them. */
  private List<ObjectNode> predict(
      List<Prediction> batch, ImageSet set, Predictor predictor, PrintWriter console) {
    List<Prediction> readable = new ArrayList<>();
    List<RgbImage> images = new ArrayList<>();
    for (Prediction prediction : batch) {
      RgbImage image = read(prediction.image(), set);
      if (image != null) {
        readable.add(prediction);
        images.add(image);
      }
    }
    List<LabelMap> labels = labels(readable, images, predictor);
    List<ObjectNode> results = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      try {
        labels.get(i).write(readable.get(i).mask());
        Overlay.of(images.get(i), labels.get(i)).write(readable.get(i).overlay());
        results.add(result(readable.get(i), labels.get(i), console));
      } catch (OutOfMemoryError e) {
        failed(readable.get(i), HEAP_FULL);
      }
    }
    return results;
  }

  /** Empty, with a message, if they can't be computed, mostly for lack of memory. */
  private List<LabelMap> labels(
      List<Prediction> predictions, List<RgbImage> images, Predictor predictor) {
    String reason;
    try {
      return predictor.predict(images);
    } catch (AtrousException e) {
      reason = String.valueOf(e.getMessage());
    } catch (OutOfMemoryError e) {
      reason = HEAP_FULL;
    }
    predictions.forEach(prediction -> failed(prediction, reason));
    return List.of();
  }

  private void failed(Prediction prediction, String reason) {
    err().println("error: Image " + prediction.image() + " can't be labelled: " + reason);
  }

  /** Null, with a message, for a file that is no image. */
  private @Nullable RgbImage read(Path file, ImageSet set) {
    try {
      return set.read(file);
    } catch (AtrousException e) {
      err().println("error: " + e.getMessage());
      return null;
    }
  }

  /** Prints a line about an image and makes its JSON. */
  private ObjectNode result(Prediction prediction, LabelMap labels, PrintWriter console) {
    int[] pixels = new int[256];
    for (byte label : labels.labels()) {
      pixels[Byte.toUnsignedInt(label)]++;
    }
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("image", prediction.image().toString());
    json.put("mask", prediction.mask().toString());
    json.put("overlay", prediction.overlay().toString());
    json.put("height", labels.height());
    json.put("width", labels.width());
    ArrayNode classes = json.putArray("classes");
    List<String> shares = new ArrayList<>();
    for (int label = 0; label < pixels.length; label++) {
      if (pixels[label] > 0) {
        double share = (double) pixels[label] / labels.labels().length;
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
