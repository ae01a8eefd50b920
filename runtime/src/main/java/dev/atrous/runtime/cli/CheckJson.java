package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.data.DatasetCheck;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.LabelMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What {@code dataset check} found, as JSON. */
final class CheckJson {
  private CheckJson() {}

  /**
   * The results of a check.
   *
   * @param same by "A and B", the names of images that are in both splits
   * @param weights of the classes
   */
  static ObjectNode of(
      Map<String, DatasetCheck> checks,
      Map<String, Map<String, String>> same,
      double[] weights,
      List<String> classNames,
      boolean good) {
    FolderDataset data = checks.values().iterator().next().data();
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("data", data.root().toString());
    json.put("format", data.format());
    json.put("layout", data.layout());
    json.put("labels", data.labels().name());
    data.labels().text().lines().forEach(json.putArray("rules")::add);
    classNames.forEach(json.putArray("class_names")::add);
    ObjectNode splits = json.putObject("splits");
    checks.forEach((split, check) -> put(splits.putObject(split), check, classNames));
    ArrayNode pairs = json.putArray("same_images");
    same.forEach(
        (pair, images) ->
            images.forEach(
                (one, other) ->
                    pairs.addObject().put("splits", pair).put("first", one).put("second", other)));
    Arrays.stream(weights).forEach(json.putArray("class_weights")::add);
    json.put("can_start", good);
    return json;
  }

  private static void put(ObjectNode json, DatasetCheck check, List<String> classNames) {
    LabelCounts counts = check.counts();
    json.put("images", check.samples());
    ObjectNode sizes = json.putObject("sizes");
    check.sizes().forEach(size -> sizes.put(size.getKey(), size.getValue()));
    ArrayNode pixels = json.putArray("pixels");
    ArrayNode images = json.putArray("images_with_class");
    for (int label = 0; label < check.data().classes(); label++) {
      pixels.add(counts.pixels(label));
      images.add(counts.images(label));
    }
    if (check.bands().pixels() > 0) {
      Arrays.stream(check.bands().means()).forEach(json.putArray("band_means")::add);
      Arrays.stream(check.bands().deviations()).forEach(json.putArray("band_deviations")::add);
    }
    json.put("ignored_pixels", counts.pixels(LabelMap.VOID));
    ArrayNode problems = json.putArray("problems");
    check
        .problems()
        .forEach(
            problem ->
                problems
                    .addObject()
                    .put("sample", problem.sample())
                    .put("problem", problem.fact())
                    .put("advice", problem.advice()));
    CheckCommand.remarks(check, classNames).forEach(json.putArray("notes")::add);
  }
}
