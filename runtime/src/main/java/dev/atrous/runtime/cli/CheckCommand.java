package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.BandStatistics;
import dev.atrous.runtime.data.DatasetCheck;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Decodes all of a data set and says what it is, what is wrong with it and what it holds. */
@Command(
    name = "check",
    sortOptions = false,
    description = {
      "Look at all files of a data set: its layout, what is wrong with it, what its labels are.",
      "The exit code is 0 if a training may start."
    })
final class CheckCommand extends ModelCommand {
  private static final int SHOWN = 20;

  @Mixin DataOption data = new DataOption();

  @Option(
      names = "--splits",
      paramLabel = "A,B",
      split = " *, *",
      hideParamSyntax = true,
      description = "Which splits; the first is that to train on; default: train,val.")
  List<String> splits = List.of();

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "Number of classes with background; default: the model's.")
  @Nullable Integer classes;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "Write a picture of the first images with their labels, a PNG.")
  @Nullable Path sheet;

  CheckCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    ModelDescription description = model.description();
    int number = classes == null ? description.classes() : classes;
    if (number < 1 || number > LabelMap.VOID) {
      throw misuse("--classes is " + number + "; it must be in 1..255.");
    }
    List<String> names = number == description.classes() ? description.classNames() : List.of();
    FolderDataset.Reading reading = valid(() -> data.reading(number, names, null));
    Map<String, DatasetCheck> checks = checks(number, ImageInput.of(description).format(), reading);
    DatasetCheck first = checks.values().iterator().next();
    List<String> classNames = names.isEmpty() ? first.data().labels().classNames() : names;
    PrintWriter console = console(json);
    console.println("Data    " + first.data().root());
    console.println("Layout  " + first.data().layout());
    console.println("Labels  " + first.data().labels().name() + ", " + number + " classes");
    checks.forEach((split, check) -> print(split, check, classNames, console));
    Map<String, Map<String, String>> same = sameImages(checks);
    same.forEach((pair, images) -> printSame(pair, images, console));
    double[] weights = first.counts().medianFrequencyWeights();
    console.println();
    console.println("Class weights by median frequency of " + first.data().split() + ":");
    console.println("  --class-weights " + listed(weights, ","));
    console.println("  @Loss(classWeights = {" + listed(weights, ", ") + "})");
    printBands(first, description.pixels().bits(), console);
    if (sheet != null) {
      first.contactSheet(8).write(sheet, label -> LabelCounts.name(label, classNames));
      console.println("Picture: " + sheet);
    }
    boolean good = checks.values().stream().allMatch(DatasetCheck::isGood);
    console.println();
    console.println(good ? "A training can start." : "A training can't start.");
    json.write(CheckJson.of(checks, same, weights, classNames, good));
    return good ? AtrousCli.OK : AtrousCli.FAILED;
  }

  private Map<String, DatasetCheck> checks(
      int number, PixelFormat format, FolderDataset.Reading reading) {
    Map<String, DatasetCheck> checks = new LinkedHashMap<>();
    for (String split : splits.isEmpty() ? List.of("train", "val") : splits) {
      ImageProgress[] progress = new ImageProgress[1];
      try {
        checks.put(
            split,
            DatasetCheck.of(
                data.directory(),
                split,
                number,
                format,
                reading,
                (images, done) -> {
                  if (progress[0] == null) {
                    progress[0] = new ImageProgress(err(), "checked image", images);
                  }
                  progress[0].accept(done);
                }));
      } catch (AtrousException e) {
        if (!splits.isEmpty() || checks.isEmpty()) {
          throw e;
        }
        note(List.of("there is no split val to evaluate on. " + e.getMessage()));
      }
    }
    return checks;
  }

  private void print(
      String split, DatasetCheck check, List<String> classNames, PrintWriter console) {
    LabelCounts counts = check.counts();
    console.println();
    console.println(
        format(
            "%s: %d images, %d of them can't be used; sizes %s; %.1f %% of the pixels ignored",
            split,
            check.samples(),
            check.problems().size(),
            sizes(check),
            100 * counts.ignoredShare()));
    Table table = new Table("class", "pixels", "%", "images");
    int number = check.data().classes();
    long all = 0;
    for (int label = 0; label < number; label++) {
      all += counts.pixels(label);
    }
    for (int label = 0; label < number; label++) {
      table.add(
          LabelCounts.name(label, classNames),
          counts.pixels(label),
          format("%.2f", all == 0 ? 0 : 100.0 * counts.pixels(label) / all),
          counts.images(label));
    }
    table.print(console);
    check.problems().stream()
        .limit(SHOWN)
        .forEach(problem -> console.println("problem: " + problem.fact()));
    if (check.problems().size() > SHOWN) {
      console.println("and " + (check.problems().size() - SHOWN) + " more (all with --json)");
    }
    check.problems().stream()
        .map(DatasetCheck.Problem::advice)
        .distinct()
        .limit(SHOWN)
        .forEach(console::println);
    remarks(check, classNames).forEach(remark -> console.println("note: " + remark));
  }

  static List<String> remarks(DatasetCheck check, List<String> classNames) {
    List<String> remarks = new ArrayList<>(check.data().remarks());
    remarks.addAll(
        check.counts().present().isEmpty()
            ? List.of("No pixel is of a class: there is nothing to learn or to measure.")
            : check.counts().remarks(classNames));
    return remarks;
  }

  private static String sizes(DatasetCheck check) {
    List<Map.Entry<String, Integer>> sizes = check.sizes();
    if (sizes.isEmpty()) {
      return "none";
    }
    String most = sizes.get(0).getKey() + " (" + sizes.get(0).getValue() + ")";
    return sizes.size() == 1
        ? most
        : format(
            "%s and %d others, %s wide, %s high",
            most, sizes.size() - 1, range(sizes, 0), range(sizes, 1));
  }

  /** From the least to the greatest of a side of {@code WIDTHxHEIGHT}. */
  private static String range(List<Map.Entry<String, Integer>> sizes, int side) {
    IntSummaryStatistics values =
        sizes.stream()
            .mapToInt(size -> Integer.parseInt(size.getKey().split("x", -1)[side]))
            .summaryStatistics();
    return values.getMin() + " to " + values.getMax();
  }

  /** By "A and B", the names of images that are in both splits. */
  private static Map<String, Map<String, String>> sameImages(Map<String, DatasetCheck> checks) {
    Map<String, Map<String, String>> same = new LinkedHashMap<>();
    List<String> names = List.copyOf(checks.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        DatasetCheck one = checks.get(names.get(i));
        DatasetCheck other = checks.get(names.get(j));
        Map<String, String> images =
            one == null || other == null ? Map.of() : one.sameImages(other);
        if (!images.isEmpty()) {
          same.put(names.get(i) + " and " + names.get(j), images);
        }
      }
    }
    return same;
  }

  private static void printSame(String pair, Map<String, String> images, PrintWriter console) {
    console.println(
        format(
            "note: %d %s in %s, pixel by pixel (%s%s): what is measured on them is not what a model does with images that it has not seen.",
            images.size(),
            images.size() == 1 ? "image is" : "images are",
            pair,
            images.entrySet().stream()
                .limit(3)
                .map(image -> image.getKey() + " = " + image.getValue())
                .collect(Collectors.joining(", ")),
            images.size() > 3 ? ", ..." : ""));
  }

  private static void printBands(DatasetCheck check, int bits, PrintWriter console) {
    BandStatistics bands = check.bands();
    if (bands.pixels() == 0) {
      return;
    }
    console.println("Bands of " + check.data().split() + ":");
    console.println(
        format(
            "  @SegmentationModel(bands = %d,%s bandMean = {%s}, bandDeviation = {%s})",
            bands.means().length,
            bits == Byte.SIZE ? "" : " bits = " + bits + ",",
            listed(bands.means(), ", "),
            listed(bands.deviations(), ", ")));
  }

  private static String listed(double[] weights, String separator) {
    return Arrays.stream(weights)
        .mapToObj(weight -> format("%.4g", weight))
        .collect(Collectors.joining(separator));
  }
}
