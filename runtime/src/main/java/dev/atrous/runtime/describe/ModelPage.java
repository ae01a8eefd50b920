package dev.atrous.runtime.describe;

import static j2html.TagCreator.body;
import static j2html.TagCreator.caption;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.tfoot;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.title;
import static j2html.TagCreator.tr;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import j2html.Config;
import j2html.rendering.FlatHtml;
import j2html.tags.DomContent;
import j2html.tags.specialized.HtmlTag;
import j2html.tags.specialized.SectionTag;
import j2html.tags.specialized.TableTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A model on one page of HTML: its figures, a drawing of the network, what its atrous convolutions
 * see, and every layer. The page needs nothing else, runs no script, and is the same to the byte
 * each time. It is well-formed XML, too.
 */
public final class ModelPage {
  private static final String STYLE = resource("page.css");
  private static final String NETWORK_CAPTION =
      "Maps are drawn by their resolution. Squares are maps, dots the taps of a 3 × 3 filter in"
          + " their middle, hollow where the rate puts them outside; rates too small to be told"
          + " apart are drawn larger than to scale. Atrous rates above 1 are coloured.";
  private static final String FOOTER =
      "The figures are those that the compiler planned with, for the crop and the batch of the"
          + " recipe. Multiply-adds count products with the padding, too. The paper: Chen,"
          + " Papandreou, Schroff and Adam, Rethinking Atrous Convolution for Semantic Image"
          + " Segmentation, arXiv 1706.05587.";
  private static final String MEMORY =
      "What a step holds from its forward pass to its update, by the precision of the feature maps."
          + " Gradients in flight, workspace of"
          + " the convolutions and the library itself come on top.";

  private final ModelDescription model;
  private final List<ModelDescription> phases;

  private ModelPage(ModelDescription model, List<ModelDescription> phases) {
    this.model = model;
    this.phases = phases;
  }

  /** The text of the page of a model whose training has no phases. */
  public static String of(ModelDescription model) {
    return of(model, List.of(model));
  }

  /**
   * The text of the page.
   *
   * @param phases of the training; the model is the last one
   */
  public static String of(ModelDescription model, List<ModelDescription> phases) {
    try {
      Config config = Config.defaults().withEmptyTagsClosed(true);
      return "<!DOCTYPE html>\n"
          + new ModelPage(model, phases).page().render(FlatHtml.inMemory(config))
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
  }

  private static String resource(String name) {
    try (InputStream in = ModelPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the archive of the runtime");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HtmlTag page() {
    return html(
            head(
                meta().withCharset("utf-8"),
                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                meta().withName("color-scheme").withContent("light dark"),
                title(model.name()),
                style(rawHtml(STYLE))),
            body(
                main(
                    heading(),
                    section(
                        h2("Network"),
                        figure(NetworkDiagram.of(model), figcaption(NETWORK_CAPTION))),
                    ValidWeightsSection.of(model),
                    div(recipe(), memory()).withClass("columns"),
                    section(h2("Layers"), scrolling(LayerTable.of(model), "Layers"))),
                footer(p(FOOTER))))
        .withLang("en");
  }

  private DomContent heading() {
    return header(
        h1(model.name()),
        p(model.backbone()
                + " at output stride "
                + model.outputStride()
                + ", "
                + model.classes()
                + " classes, trained on crops of "
                + model.crop()
                + " × "
                + model.crop()
                + " pixels")
            .withClass("lead"),
        dl(
                tile("parameters", Quantities.rounded(model.parameters()), "trainable"),
                tile("multiply-adds", Quantities.rounded(model.multiplyAdds()), "for one crop"),
                tile("largest rate", String.valueOf(largestRate()), "of a convolution"),
                tile(
                    "training memory",
                    Quantities.memory(model.trainingBytes()),
                    "planned, batch of " + model.training().batchSize()))
            .withClass("tiles"));
  }

  private static DomContent tile(String label, String value, String note) {
    return div(dt(label), dd(span(value).withClass("value"), span(note).withClass("note")));
  }

  private int largestRate() {
    return model.layers().stream().mapToInt(LayerDescription::rate).max().orElse(1);
  }

  private SectionTag recipe() {
    return section(
        h2("Spec"),
        dl(each(
                Fact.of(model, phases),
                fact -> each(dt(fact.label()), dd(Quantities.typeset(fact.value())))))
            .withClass("facts"));
  }

  private SectionTag memory() {
    TableTag table =
        table(
                caption("Memory of a training step, batch of " + model.training().batchSize()),
                thead(
                    tr(
                        th("For").attr("scope", "col"),
                        th("float32").attr("scope", "col"),
                        th("bfloat16").attr("scope", "col"))),
                tbody(
                    memory(
                        "parameters and moving averages",
                        model.parameterBytes(),
                        model.parameterBytes()),
                    memory("momenta", model.momentumBytes(), model.momentumBytes()),
                    memory(
                        "activations for the backward pass",
                        model.activationBytes(),
                        model.bfloat16ActivationBytes())),
                tfoot(memory("total", model.trainingBytes(), model.bfloat16TrainingBytes())))
            .withClass("memory");
    return section(h2("Training memory"), table, p(MEMORY).withClass("remark"));
  }

  private static DomContent memory(String what, long float32, long bfloat16) {
    return tr(
        th(what).attr("scope", "row"),
        td(Quantities.memory(float32)),
        td(Quantities.memory(bfloat16)));
  }

  /** What is wider than the page scrolls by itself. */
  static DomContent scrolling(DomContent content, String name) {
    return div(content)
        .withClass("scrolling")
        .withTabindex(0)
        .attr("role", "region")
        .attr("aria-label", name);
  }
}
