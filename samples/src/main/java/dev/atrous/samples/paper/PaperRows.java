package dev.atrous.samples.paper;

import dev.atrous.runtime.model.CompiledModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The paper's Tables 1 to 6, and the models that it takes to reproduce them. */
public final class PaperRows {
  private PaperRows() {}

  /** Every row, in the order of the paper. */
  public static List<Row> all() {
    return Stream.of(
            Table1.rows(),
            Table2.rows(),
            Table3.rows(),
            Table4.rows(),
            Table5.rows(),
            Table6.rows())
        .flatMap(List::stream)
        .toList();
  }

  /** The networks of the rows, each once, in the order of the paper. */
  public static List<CompiledModel> networks() {
    Map<String, CompiledModel> byName = new LinkedHashMap<>();
    all().forEach(row -> byName.putIfAbsent(row.model().description().name(), row.model()));
    return List.copyOf(byName.values());
  }

  /** The networks, what they are compared with, and the training in two phases. */
  public static List<CompiledModel> models() {
    return Stream.concat(
            networks().stream(), Stream.of(new DeepLabV2Model(), new DeepLabV3TwoPhasesModel()))
        .toList();
  }
}
