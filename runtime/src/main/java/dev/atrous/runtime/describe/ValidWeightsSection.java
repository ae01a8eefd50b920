package dev.atrous.runtime.describe;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;
import static j2html.TagCreator.ul;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.ValidWeights;
import dev.atrous.runtime.page.HtmlPage;
import j2html.tags.DomContent;
import j2html.tags.specialized.SectionTag;
import j2html.tags.specialized.TableTag;
import j2html.tags.specialized.TrTag;
import java.util.List;

/** What the atrous convolutions of a model see of their maps: a chart and a table for each map. */
final class ValidWeightsSection {
  private static final List<String> COLUMNS =
      List.of(
          "Rate", "Convolutions", "9 valid", "4 valid", "1 valid", "6 or 2 valid", "Valid weights");
  private static final String NONE =
      "All convolutions of this model have rate 1: the maps shrink instead.";

  private ValidWeightsSection() {}

  static SectionTag of(ModelDescription model) {
    List<AtrousMap> maps = AtrousMap.of(model.layers());
    long strided =
        model.layers().stream()
            .filter(layer -> AtrousMap.isAtrous(layer) && layer.stride() > 1)
            .count();
    return section(
        h2("What atrous filters see"),
        iff(maps.isEmpty(), p(NONE)),
        each(maps, ValidWeightsSection::map),
        iff(
            strided > 0,
            p("Not shown: " + strided + " with a stride; the layers below have their share.")));
  }

  private static DomContent map(AtrousMap map) {
    String size = map.height() + " × " + map.width();
    boolean beyond = map.rates().stream().anyMatch(rate -> rate.rate() > map.height());
    return figure(
        figcaption(
            "Share of the positions of a "
                + size
                + " map at which 9, 4 or 1 weights of a 3 × 3 filter meet the map, and not the zeros"
                + " around it (section 3.3 of the paper, Figure 4). Where the rate reaches the side"
                + " of the map, only the centre weight is left: the filter is pointwise."
                + (beyond ? " Rates beyond it have an arrow." : "")),
        ul(
                li("9 valid weights").withClass("nine"),
                li("4 valid weights").withClass("four"),
                li("1 valid weight").withClass("one"))
            .withClass("legend"),
        ValidWeightsChart.of(map),
        HtmlPage.scrolling(values(map, size), "Valid weights on " + size));
  }

  private static TableTag values(AtrousMap map, String size) {
    return table(
            caption("At the rates of the model, on the " + size + " map"),
            thead(tr(each(COLUMNS, column -> th(column).attr("scope", "col")))),
            tbody(each(map.rates(), rate -> row(rate, map.validWeights(rate.rate())))))
        .withClass("values");
  }

  private static TrTag row(AtrousMap.Rate rate, ValidWeights valid) {
    return tr(
        th(String.valueOf(rate.rate())).attr("scope", "row"),
        td(rate.units()),
        td(Quantities.percent(valid.positions(9))),
        td(Quantities.percent(valid.positions(4))),
        td(Quantities.percent(valid.positions(1))),
        td(Quantities.percent(valid.otherPositions())),
        td(Quantities.percent(valid.share())));
  }
}
