package dev.atrous.runtime.describe;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.each;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.tfoot;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import j2html.tags.DomContent;
import j2html.tags.specialized.TableTag;
import j2html.tags.specialized.TbodyTag;
import j2html.tags.specialized.TdTag;
import j2html.tags.specialized.TrTag;
import java.util.List;
import java.util.stream.Stream;

/** Every layer of a model in a table, in groups: one for each part, with its sums. */
final class LayerTable {
  private static final List<String> COLUMNS =
      List.of(
          "Unit",
          "Layer",
          "Kernel",
          "Stride",
          "Base rate",
          "Rate",
          "Input",
          "Output",
          "Parameters",
          "Multiply-adds",
          "Valid weights",
          "Activations");

  private static final String CAPTION =
      "Every convolution, for one crop; activations for a batch of the recipe. The base rate is"
          + " that of the block, the rate that with the multi-grid.";

  private LayerTable() {}

  static TableTag of(ModelDescription model) {
    return table(
            caption(CAPTION),
            thead(tr(each(COLUMNS, column -> th(column).attr("scope", "col")))),
            each(NetworkPart.of(model.layers()), LayerTable::part),
            tfoot(sums(NetworkPart.total(model.layers()), model.layers().size() + " layers", "")))
        .withClass("layers");
  }

  private static TbodyTag part(NetworkPart part) {
    int units = part.units().size();
    String count = units > 1 ? units + " units" : "";
    return tbody(
        sums(part, count, Quantities.output(part.last())), each(part.layers(), LayerTable::layer));
  }

  private static TrTag sums(NetworkPart part, String count, String output) {
    return tr(
            th(span(part.name()), span(count).withClass("count"))
                .attr("scope", "rowgroup")
                .attr("colspan", 7),
            td(Quantities.typeset(output)),
            td(Quantities.count(part.parameters())),
            td(Quantities.giga(part.multiplyAdds())),
            td(),
            td(Quantities.mebibytes(part.activationBytes())))
        .withClass("part");
  }

  private static DomContent layer(LayerDescription layer) {
    LayerName name = LayerName.of(layer);
    TdTag rate = td(String.valueOf(layer.rate()));
    return tr(
        td(name.unit()),
        th(name.layer()).attr("scope", "row"),
        each(
            Stream.of(
                td(layer.kernel() + " × " + layer.kernel()),
                td(String.valueOf(layer.stride())),
                td(String.valueOf(layer.baseRate())),
                layer.rate() > 1 ? rate.withClass("atrous") : rate,
                td(layer.inputHeight() + " × " + layer.inputWidth()),
                td(Quantities.typeset(Quantities.output(layer))),
                td(Quantities.count(layer.parameters())),
                td(Quantities.giga(layer.multiplyAdds())),
                td(Quantities.percent(layer.validShare())),
                td(Quantities.mebibytes(layer.activationBytes())))));
  }
}
