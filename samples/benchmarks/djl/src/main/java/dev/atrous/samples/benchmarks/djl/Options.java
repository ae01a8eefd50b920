package dev.atrous.samples.benchmarks.djl;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What to run.
 *
 * @param model a TorchScript file for images of {@code batchSize x 3 x crop x crop}
 * @param crop side of the images in pixels
 * @param batchSize images of a run
 * @param warmup runs between the first and those that count
 * @param steps runs that count
 * @param json file for the results; {@code -} is standard output
 */
record Options(Path model, int crop, int batchSize, int warmup, int steps, String json) {
  private static final List<String> NAMES =
      List.of("--model", "--crop", "--batch-size", "--warmup", "--steps", "--json");

  /**
   * Reads them from pairs of a name and a value.
   *
   * @throws IllegalArgumentException if one can't be read, or there is no model
   */
  static Options parse(String[] args) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!NAMES.contains(args[i]) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            args[i] + " is not understood; options are " + NAMES + ", each with a value");
      }
      values.put(args[i], args[i + 1]);
    }
    if (!values.containsKey("--model")) {
      throw new IllegalArgumentException("--model is required: a file of export_torchscript.py");
    }
    return new Options(
        Path.of(values.get("--model")),
        number(values, "--crop", 513),
        number(values, "--batch-size", 1),
        number(values, "--warmup", 1),
        number(values, "--steps", 5),
        values.getOrDefault("--json", "-"));
  }

  private static int number(Map<String, String> values, String name, int otherwise) {
    String value = values.getOrDefault(name, Integer.toString(otherwise));
    int least = name.equals("--warmup") ? 0 : 1;
    if (!value.matches("\\d{1,6}") || Integer.parseInt(value) < least) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be a number, at least " + least);
    }
    return Integer.parseInt(value);
  }
}
