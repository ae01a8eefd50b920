package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.LayerDescription;
import dev.atrous.runtime.ModelConventions;
import dev.atrous.runtime.ModelDescription;
import dev.atrous.runtime.TrainingRecipe;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the compiler knows about a model. Loads no native library. */
@Command(
    name = "describe",
    sortOptions = false,
    description = "Show a model: sizes, recipe, layers, parameters and multiply-adds.")
final class DescribeCommand extends ModelCommand {
  @Option(names = "--summary", description = "Show the parts of the network, not each layer.")
  boolean summary;

  DescribeCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput output) {
    ModelDescription description = model.description();
    PrintWriter console = console(output);
    printFacts(description, console);
    console.println();
    if (!summary) {
      printLayers(description.layers(), console);
      console.println();
    }
    printParts(description.layers(), console);
    output.write(json(description));
    return AtrousCli.OK;
  }

  private static void printFacts(ModelDescription model, PrintWriter console) {
    TrainingRecipe recipe = model.training();
    String strides =
        model.outputStrides().stream().map(String::valueOf).collect(Collectors.joining(", "));
    console.println(model.name());
    console.println("  backbone       " + model.backbone());
    console.println("  classes        " + model.classes());
    console.println(format("  crop           %d x %d", model.crop(), model.crop()));
    console.println(format("  output stride  %d (inference: %s)", model.outputStride(), strides));
    console.println(
        format("  training       %d steps of %d crops", recipe.steps(), recipe.batchSize()));
    console.println(
        "  learning rate  "
            + plain(recipe.learningRate())
            + ", poly with power "
            + plain(recipe.power()));
    console.println(
        "  random scale   " + plain(recipe.minScale()) + " to " + plain(recipe.maxScale()));
    console.println(
        "  momentum       "
            + plain(recipe.momentum())
            + ", weight decay "
            + plain(recipe.weightDecay()));
    console.println("  conventions    " + conventions(model.conventions()));
  }

  /** Three in a line, below one another. */
  private static String conventions(ModelConventions conventions) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (Map.Entry<String, Enum<?>> convention : conventions.values().entrySet()) {
      text.append(number == 0 ? "" : number % 3 == 0 ? ",\n                 " : ", ")
          .append(convention.getKey())
          .append(' ')
          .append(convention.getValue());
      number++;
    }
    return text.toString();
  }

  private static void printLayers(List<LayerDescription> layers, PrintWriter console) {
    Table table =
        new Table("layer", "kernel", "stride", "rate", "output", "parameters", "multiply-adds");
    for (LayerDescription layer : layers) {
      table.add(
          layer.name(),
          layer.kernel() + "x" + layer.kernel(),
          layer.stride(),
          layer.rate(),
          size(layer),
          format("%,d", layer.parameters()),
          giga(layer.multiplyAdds()));
    }
    table.print(console);
  }

  /** Layers whose names begin alike are one part: a block, the pyramid, the class scores. */
  private static void printParts(List<LayerDescription> layers, PrintWriter console) {
    Map<String, List<LayerDescription>> parts =
        layers.stream()
            .collect(
                Collectors.groupingBy(
                    layer -> layer.name().split("/", 2)[0],
                    LinkedHashMap::new,
                    Collectors.toList()));
    Table table = new Table("part", "layers", "output", "parameters", "multiply-adds");
    parts.forEach((name, part) -> addPart(table, name, size(part.get(part.size() - 1)), part));
    addPart(table, "total", "", layers);
    table.print(console);
  }

  private static void addPart(
      Table table, String name, String size, List<LayerDescription> layers) {
    table.add(
        name,
        layers.size(),
        size,
        format("%,d", parameters(layers)),
        giga(layers.stream().mapToLong(LayerDescription::multiplyAdds).sum()));
  }

  private static long parameters(List<LayerDescription> layers) {
    return layers.stream().mapToLong(LayerDescription::parameters).sum();
  }

  private static String size(LayerDescription layer) {
    return layer.height() + "x" + layer.width() + "x" + layer.channels();
  }

  private static String giga(long multiplyAdds) {
    return format("%.3f G", multiplyAdds / 1e9);
  }

  private static ObjectNode json(ModelDescription model) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.name());
    json.put("backbone", model.backbone());
    json.put("classes", model.classes());
    json.put("crop", model.crop());
    json.put("output_stride", model.outputStride());
    ArrayNode strides = json.putArray("output_strides");
    model.outputStrides().forEach(strides::add);
    TrainingRecipe recipe = model.training();
    json.putObject("training")
        .put("batch_size", recipe.batchSize())
        .put("steps", recipe.steps())
        .put("learning_rate", recipe.learningRate())
        .put("power", recipe.power())
        .put("momentum", recipe.momentum())
        .put("weight_decay", recipe.weightDecay())
        .put("min_scale", recipe.minScale())
        .put("max_scale", recipe.maxScale());
    ObjectNode conventions = json.putObject("conventions");
    model
        .conventions()
        .values()
        .forEach((name, value) -> conventions.put(snakeCase(name), value.name()));
    json.put("parameters", parameters(model.layers()));
    json.put("multiply_adds", model.multiplyAdds());
    ArrayNode layers = json.putArray("layers");
    for (LayerDescription layer : model.layers()) {
      layers
          .addObject()
          .put("name", layer.name())
          .put("kernel", layer.kernel())
          .put("stride", layer.stride())
          .put("rate", layer.rate())
          .put("height", layer.height())
          .put("width", layer.width())
          .put("channels", layer.channels())
          .put("parameters", layer.parameters())
          .put("multiply_adds", layer.multiplyAdds());
    }
    return json;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
