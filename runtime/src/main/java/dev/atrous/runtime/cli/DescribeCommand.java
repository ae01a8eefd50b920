package dev.atrous.runtime.cli;

import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.describe.LayerName;
import dev.atrous.runtime.describe.ModelPage;
import dev.atrous.runtime.describe.NetworkPart;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the compiler knows about a model. Loads no native library. */
@Command(
    name = "describe",
    sortOptions = false,
    description = "Show a model: sizes, recipe, layers, rates, multiply-adds and memory.")
final class DescribeCommand extends ModelCommand {
  private static final int LONGEST_LINE = 70;

  @Option(names = "--summary", description = "Show the parts of the network, not each layer.")
  boolean summary;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with a drawing of the network and charts, too.")
  @Nullable String html;

  DescribeCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput output) {
    ModelDescription description = model.description();
    if (JsonOutput.STANDARD_OUTPUT.equals(html)) {
      throw misuse("--html writes to a file; standard output is for the text or --json.");
    }
    OutputFile page = html == null ? null : new OutputFile("HTML file", html);
    PrintWriter console = console(output);
    List<ModelDescription> phases =
        model.phases().stream().map(CompiledModel::description).toList();
    printFacts(description, phases, console);
    List<NetworkPart> parts = NetworkPart.of(description.layers());
    if (!summary) {
      console.println();
      printLayers(parts, console);
    }
    console.println();
    printParts(description, parts, console);
    console.println();
    printMemory(description, console);
    if (page != null) {
      page.write(ModelPage.of(description, phases));
      console.println();
      console.println("Page: " + html);
    }
    output.write(DescriptionJson.of(description, phases));
    return AtrousCli.OK;
  }

  private static void printFacts(
      ModelDescription model, List<ModelDescription> phases, PrintWriter console) {
    List<Fact> facts = Fact.of(model, phases);
    int width = facts.stream().mapToInt(fact -> fact.label().length()).max().orElse(0);
    console.println(model.name());
    for (Fact fact : facts) {
      String space = " ".repeat(width - fact.label().length());
      String indent = " ".repeat(width + 4);
      console.println(
          fact.value()
              .lines()
              .map(line -> wrapped(line, indent))
              .collect(Collectors.joining("\n" + indent, "  " + fact.label() + space + "  ", "")));
    }
  }

  /** Long enumerations in several lines, below one another. */
  private static String wrapped(String value, String indent) {
    return value.length() <= LONGEST_LINE
        ? value
        : value.replaceAll("(.{1," + LONGEST_LINE + "},) ", "$1\n" + indent);
  }

  /** Each layer, with a rule between the parts of the network. */
  private static void printLayers(List<NetworkPart> parts, PrintWriter console) {
    Table table =
        new Table(
            3,
            "block",
            "unit",
            "layer",
            "kernel",
            "stride",
            "base rate",
            "rate",
            "output",
            "parameters",
            "multiply-adds",
            "valid",
            "activations");
    for (NetworkPart part : parts) {
      table.rule();
      part.layers().forEach(layer -> addLayer(table, layer));
    }
    table.print(console);
  }

  private static void addLayer(Table table, LayerDescription layer) {
    LayerName name = LayerName.of(layer);
    table.add(
        name.part(),
        name.unit(),
        name.layer(),
        layer.kernel() + "x" + layer.kernel(),
        layer.stride(),
        layer.baseRate(),
        layer.rate(),
        Quantities.output(layer),
        Quantities.count(layer.parameters()),
        Quantities.giga(layer.multiplyAdds()),
        Quantities.percent(layer.validShare()),
        Quantities.mebibytes(layer.activationBytes()));
  }

  private static void printParts(
      ModelDescription model, List<NetworkPart> parts, PrintWriter console) {
    Table table =
        new Table(
            1, "part", "layers", "rates", "output", "parameters", "multiply-adds", "activations");
    for (NetworkPart part : parts) {
      addPart(table, part, part.rates(), Quantities.output(part.last()));
    }
    table.rule();
    addPart(table, NetworkPart.total(model.layers()), "", "");
    table.print(console);
  }

  private static void addPart(Table table, NetworkPart part, String rates, String output) {
    table.add(
        part.name(),
        part.layers().size(),
        rates,
        output,
        Quantities.count(part.parameters()),
        Quantities.giga(part.multiplyAdds()),
        Quantities.mebibytes(part.activationBytes()));
  }

  private static void printMemory(ModelDescription model, PrintWriter console) {
    Table table = new Table(1, "memory of a training step", "float32", "bfloat16");
    addMemory(
        table, "parameters and moving averages", model.parameterBytes(), model.parameterBytes());
    addMemory(table, "momenta", model.momentumBytes(), model.momentumBytes());
    addMemory(
        table,
        format("activations of %d crops for the backward pass", model.training().batchSize()),
        model.activationBytes(),
        model.bfloat16ActivationBytes());
    table.rule();
    addMemory(
        table, "total, without workspace", model.trainingBytes(), model.bfloat16TrainingBytes());
    table.print(console);
  }

  private static void addMemory(Table table, String what, long float32, long bfloat16) {
    table.add(what, Quantities.mebibytes(float32), Quantities.mebibytes(bfloat16));
  }
}
