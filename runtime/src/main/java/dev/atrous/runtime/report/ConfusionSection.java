package dev.atrous.runtime.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.page.HtmlPage;
import dev.atrous.runtime.page.Svg;
import j2html.tags.DomContent;
import j2html.tags.specialized.SectionTag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What is taken for what: numbers for few classes, a picture with the most frequent confusions for
 * many.
 */
final class ConfusionSection {
  private static final int MOST_IN_NUMBERS = 24; // classes
  private static final int CONFUSIONS = 25;
  private static final int RIGHT = 0x0067a5;
  private static final int WRONG = 0xc25400;
  private static final double LEFT = 64;
  private static final double TOP = 40;
  private static final double SIDE = 640;

  private final ConfusionMatrix confusion;
  private final ReportClasses classes;
  private final int size;

  private ConfusionSection(ConfusionMatrix confusion, ReportClasses classes) {
    this.confusion = confusion;
    this.classes = classes;
    size = confusion.classes();
  }

  static SectionTag of(ConfusionMatrix confusion, ReportClasses classes) {
    ConfusionSection it = new ConfusionSection(confusion, classes);
    return it.size <= MOST_IN_NUMBERS ? it.numbers() : it.picture();
  }

  private double share(int truth, int prediction) {
    return (double) confusion.count(truth, prediction) / confusion.truthPixels(truth);
  }

  private SectionTag numbers() {
    DomContent header =
        tr(
            th("truth, then what it was taken for").attr("scope", "col"),
            each(
                IntStream.range(0, size)
                    .mapToObj(
                        label ->
                            th(span(classes.name(label)).withClass("upright"))
                                .attr("scope", "col"))));
    DomContent rows =
        each(
            IntStream.range(0, size)
                .mapToObj(
                    truth ->
                        tr(
                            th(classes.swatch(truth)).attr("scope", "row"),
                            each(IntStream.range(0, size).mapToObj(p -> cell(truth, p))))));
    return section(
        h2("Confusion matrix"),
        HtmlPage.scrolling(
            table(thead(header), tbody(rows)).withClass("confusion"), "Confusion matrix"),
        p("Percent of the pixels of a true class (row) that get a class (column). An empty cell is"
                + " no pixel; the pointer shows how many there are.")
            .withClass("remark"));
  }

  private DomContent cell(int truth, int prediction) {
    long count = confusion.count(truth, prediction);
    if (count == 0) {
      return td();
    }
    double share = share(truth, prediction);
    return td(String.format(Locale.ROOT, "%.1f", 100 * share))
        .withClass(truth == prediction ? "right" : "wrong")
        .withStyle(String.format(Locale.ROOT, "--share:%.4f", share))
        .withTitle(
            "%s taken for %s: %s pixels"
                .formatted(classes.name(truth), classes.name(prediction), Quantities.count(count)));
  }

  private SectionTag picture() {
    List<Svg> parts = new ArrayList<>();
    parts.add(Svg.box("frame", LEFT, TOP, SIDE, SIDE).attr("rx", 0));
    parts.add(Svg.pixels(LEFT, TOP, SIDE, SIDE, colors().dataUri()));
    double unit = SIDE / size;
    int step = size > 120 ? 25 : size > 60 ? 10 : 5;
    for (int label = 0; label < size; label += step) {
      double middle = (label + 0.5) * unit;
      parts.add(Svg.label("cell middle", LEFT + middle, TOP - 6, String.valueOf(label)));
      parts.add(Svg.label("cell end", LEFT - 8, TOP + middle + 4, String.valueOf(label)));
    }
    parts.add(Svg.label("title middle", LEFT + SIDE / 2, 16, "class that it was taken for"));
    double middle = TOP + SIDE / 2;
    parts.add(Svg.label("title middle", 16, middle, "true class").turned(16, middle));
    Svg drawing =
        Svg.drawing(
            "confusion",
            LEFT + SIDE + 10,
            TOP + SIDE + 10,
            "Confusion matrix",
            "The share of the pixels of each true class that get each class. The largest confusions"
                + " are in the table.",
            Svg.group("chart", parts));
    return section(
        h2("Confusion matrix"),
        div(drawing).withClass("square"),
        p("Of the pixels of a true class (row), the share that gets a class (column): the stronger"
                + " the colour, the larger its root. Blue is right, orange wrong.")
            .withClass("remark"),
        confusions());
  }

  private EncodedPicture colors() {
    int[] argb = new int[size * size];
    for (int truth = 0; truth < size; truth++) {
      for (int prediction = 0; prediction < size; prediction++) {
        if (confusion.count(truth, prediction) > 0) {
          int alpha = (int) Math.ceil(255 * Math.sqrt(share(truth, prediction)));
          argb[truth * size + prediction] = alpha << 24 | (truth == prediction ? RIGHT : WRONG);
        }
      }
    }
    return EncodedPicture.transparent(size, size, argb);
  }

  private record Confusion(int truth, int prediction, long pixels) {}

  /** The largest, by their pixels. */
  private DomContent confusions() {
    List<Confusion> all = new ArrayList<>();
    for (int truth = 0; truth < size; truth++) {
      for (int prediction = 0; prediction < size; prediction++) {
        long pixels = confusion.count(truth, prediction);
        if (truth != prediction && pixels > 0) {
          all.add(new Confusion(truth, prediction, pixels));
        }
      }
    }
    all.sort(Comparator.comparingLong(Confusion::pixels).reversed());
    List<String> columns = List.of("Truth", "Taken for", "Pixels", "Share of the class");
    return table(
            caption("The largest confusions"),
            thead(tr(each(columns, column -> th(column).attr("scope", "col")))),
            tbody(
                each(
                    all.subList(0, Math.min(CONFUSIONS, all.size())),
                    one ->
                        tr(
                            th(classes.swatch(one.truth())).attr("scope", "row"),
                            td(classes.swatch(one.prediction())),
                            td(Quantities.count(one.pixels())),
                            td(ReportPage.percent(share(one.truth(), one.prediction())))))))
        .withClass("confusions");
  }
}
