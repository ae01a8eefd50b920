package dev.atrous.runtime.report;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.i;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.tfoot;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.page.HtmlPage;
import j2html.tags.DomContent;
import j2html.tags.specialized.SectionTag;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How well each class is found: a table with bars. */
final class ClassesSection {
  private static final List<String> COLUMNS =
      List.of(
          "Class",
          "IoU",
          "",
          "Share of the truth",
          "Found (recall)",
          "Right where said (precision)",
          "Most often taken for");
  private static final String REMARK =
      "IoU: pixels that are right, of all that are of the class in truth or prediction. The last"
          + " column has the share of the class's pixels that another class gets. A dash is where"
          + " there is nothing to measure. Pixels that the truth leaves out are not counted.";

  private ClassesSection() {}

  static SectionTag of(ConfusionMatrix confusion, ReportClasses classes) {
    DomContent rows =
        each(
            IntStream.range(0, confusion.classes())
                .mapToObj(label -> row(confusion, classes, label)));
    DomContent sums =
        tr(
            th("mean (mIoU)").attr("scope", "row"),
            td(ReportPage.percent(confusion.meanIou())),
            td(bar(confusion.meanIou())),
            each(COLUMNS.subList(3, COLUMNS.size()), column -> td()));
    return section(
        h2("Classes"),
        HtmlPage.scrolling(
            table(
                    thead(tr(each(COLUMNS, column -> th(column).attr("scope", "col")))),
                    tbody(rows),
                    tfoot(sums))
                .withClass("classes"),
            "Classes"),
        p(REMARK).withClass("remark"));
  }

  private static DomContent row(ConfusionMatrix confusion, ReportClasses classes, int label) {
    double iou = confusion.iou(label);
    return tr(
        th(classes.swatch(label)).attr("scope", "row"),
        td(ReportPage.percent(iou)),
        td(bar(iou)),
        td(ReportPage.percent(confusion.truthShare(label))),
        td(ReportPage.percent(confusion.recall(label))),
        td(ReportPage.percent(confusion.precision(label))),
        td(takenFor(confusion, classes, label)));
  }

  private static String takenFor(ConfusionMatrix confusion, ReportClasses classes, int label) {
    return IntStream.range(0, confusion.classes())
        .filter(other -> other != label && confusion.count(label, other) > 0)
        .boxed()
        .reduce(
            (one, other) ->
                confusion.count(label, other) > confusion.count(label, one) ? other : one)
        .map(
            other ->
                classes.name(other)
                    + ", "
                    + ReportPage.percent(
                        (double) confusion.count(label, other) / confusion.truthPixels(label)))
        .orElse("");
  }

  /** What the last validation of a training said of each class. */
  static SectionTag of(TrainingCurves.Validation validation, ReportClasses classes) {
    DomContent rows =
        each(
            IntStream.range(0, validation.classIou().size())
                .mapToObj(
                    label ->
                        tr(
                            th(classes.swatch(label)).attr("scope", "row"),
                            td(ReportPage.percent(validation.classIou().get(label))),
                            td(bar(validation.classIou().get(label))))));
    return section(
        h2("Classes"),
        table(
                caption("The validation after step " + Quantities.count(validation.step())),
                thead(tr(each(COLUMNS.subList(0, 3), name -> th(name).attr("scope", "col")))),
                tbody(rows),
                tfoot(
                    tr(
                        th("mean (mIoU)").attr("scope", "row"),
                        td(ReportPage.percent(validation.miou())),
                        td(bar(validation.miou())))))
            .withClass("classes"));
  }

  private static DomContent bar(double share) {
    return Double.isNaN(share)
        ? div()
        : div(i().withStyle(String.format(Locale.ROOT, "width:%.2f%%", 100 * share)))
            .withClass("bar");
  }
}
