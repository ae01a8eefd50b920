package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.weights.WeightImport;
import dev.atrous.runtime.weights.WeightSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Makes a checkpoint of the weights of another program. */
@Command(
    name = "import",
    sortOptions = false,
    description = {
      "Make a checkpoint of the weights of another program.",
      "Every tensor of the file must fit the model; nothing in the file is executed."
    })
final class ImportCommand extends ModelCommand {
  @Option(
      names = "--from",
      paramLabel = "PROGRAM",
      required = true,
      converter = SourceConverter.class,
      description =
          "torchvision, segmentation-models or tf-deeplab (DeepLabv3), torchvision-resnet, tf-slim"
              + " or mmsegmentation (a backbone).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  WeightSource from;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      required = true,
      description = "The file of the weights; of a checkpoint, its prefix.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Path weights;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Where the checkpoint goes; for --weights of train, evaluate and predict.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Path output;

  @Option(
      names = "--skip-classifier",
      description =
          "Leave the layers of the class scores at their initial values, for a model with other"
              + " classes.")
  boolean skipClassifier;

  @Mixin SeedOption seed = new SeedOption();

  ImportCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    try (WeightImport imported = WeightImport.open(from, weights, model, skipClassifier)) {
      Path checkpoint =
          InitialCheckpoint.write(
              model.parameters(), imported.imported(), imported::read, output, seed.value);
      PrintWriter console = console(json);
      console.println(format("Imported %d tensors from %s", imported.imported().size(), weights));
      imported.notes().forEach(note -> console.println("  " + note));
      print("initial values", imported.initial(), console);
      print("not used", imported.unused(), console);
      console.println("Checkpoint: " + checkpoint);
      json.write(results(model, imported, checkpoint));
    }
    return AtrousCli.OK;
  }

  /**
   * Prints how many there are, and the units that they belong to: their names up to the second
   * separator.
   */
  private static void print(String title, List<String> names, PrintWriter console) {
    if (names.isEmpty()) {
      return;
    }
    console.println(format("  %s: %d", title, names.size()));
    names.stream()
        .map(ImportCommand::unit)
        .distinct()
        .forEach(unit -> console.println("    " + unit));
  }

  /** A name up to its second separator, a slash in TensorFlow's names and ours, or else a dot. */
  private static String unit(String name) {
    String separator = name.contains("/") ? "/" : ".";
    String[] parts = name.split(Pattern.quote(separator), 3);
    return parts[0] + (parts.length > 2 ? separator + parts[1] : "");
  }

  private ObjectNode results(CompiledModel model, WeightImport imported, Path checkpoint) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.description().name());
    json.put("from", from.toString());
    json.put("weights", weights.toString());
    json.put("checkpoint", checkpoint.toString());
    json.put("imported", imported.imported().size());
    ArrayNode notes = json.putArray("notes");
    imported.notes().forEach(notes::add);
    ArrayNode initial = json.putArray("initial");
    imported.initial().forEach(initial::add);
    ArrayNode unused = json.putArray("unused");
    imported.unused().forEach(unused::add);
    return json;
  }

  /** The name of a source in upper or lower case. */
  private static final class SourceConverter implements ITypeConverter<WeightSource> {
    @Override
    public WeightSource convert(String text) {
      for (WeightSource source : WeightSource.values()) {
        if (source.toString().equalsIgnoreCase(text)) {
          return source;
        }
      }
      String known =
          Arrays.stream(WeightSource.values())
              .map(WeightSource::toString)
              .collect(Collectors.joining(", "));
      throw new TypeConversionException("expected one of " + known + ", but was '" + text + "'");
    }
  }
}
