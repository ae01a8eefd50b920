package dev.atrous.samples.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/paper.md has every row of the tables, with its figure and what it needs. */
class PaperPageTest {
  private static final Path PAGE = Path.of("..", "docs", "paper.md");
  private static final int BATCH = 16;

  /** The rows of the page's tables, in their order, each behind the heading of its section. */
  private static List<String> page() throws IOException {
    List<String> rows = new ArrayList<>();
    String section = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        section = line.substring(3).replaceAll(":.*", "");
      } else if (line.startsWith("| ") && line.contains(" G | ")) {
        rows.add(section + " " + line);
      }
    }
    return rows;
  }

  @Test
  void everyRowIsThere() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Row row : PaperRows.all()) {
      expected.add(
          String.format(
              Locale.ROOT,
              "Table %d | %s | %.2f | `%s` | %s | %s |",
              row.table(),
              row.label(),
              row.miou(),
              row.model().description().name(),
              options(row),
              needs(row.model())));
    }
    for (CompiledModel model : List.of(new DeepLabV3TwoPhasesModel(), new DeepLabV2Model())) {
      expected.add(
          "Beside the tables | `" + model.description().name() + "` | " + needs(model) + " |");
    }
    assertThat(page()).containsExactlyElementsOf(expected);
  }

  /** The options of {@code evaluate}. */
  private static String options(Row row) {
    List<String> options = new ArrayList<>();
    if (row.outputStride() != row.model().description().outputStride()) {
      options.add("--output-stride " + row.outputStride());
    }
    if (row.multiScale()) {
      options.add("--multi-scale");
    }
    if (row.flip()) {
      options.add("--flip");
    }
    return options.isEmpty() ? "" : "`" + String.join(" ", options) + "`";
  }

  /** Parameters, multiply-adds, and the estimates as the page explains them. */
  private static String needs(CompiledModel model) {
    ModelDescription description = model.description();
    long outputs =
        description.layers().stream()
            .mapToLong(layer -> (long) layer.height() * layer.width() * layer.channels())
            .sum();
    long parameters = description.layers().stream().mapToLong(LayerDescription::parameters).sum();
    assertThat(parameters)
        .isEqualTo(
            model.parameters().stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.shape().size())
                .sum());
    double memory = 1e9 + 10.0 * outputs * BATCH + 12.0 * parameters;
    double step = 6.0 * description.multiplyAdds() * BATCH;
    return String.format(
        Locale.ROOT,
        "%.1f M | %.1f G | %.0f GB | %.1f T",
        parameters / 1e6,
        description.multiplyAdds() / 1e9,
        memory / 1e9,
        step / 1e12);
  }
}
