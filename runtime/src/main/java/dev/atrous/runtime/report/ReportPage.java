package dev.atrous.runtime.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.header;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.ul;

import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.describe.FactList;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.runtime.page.HtmlPage;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a training or an evaluation went, on one page of HTML that needs nothing else: what is added
 * stands on it, in the order in which it is added.
 */
public final class ReportPage {
  private static final String STYLE = HtmlPage.styleSheet(ReportPage.class, "report.css");

  private final String title;
  private final String lead;
  private final List<DomContent> tiles = new ArrayList<>();
  private final List<DomContent> sections = new ArrayList<>();
  private final List<DomContent> facts = new ArrayList<>();

  /**
   * An empty page.
   *
   * @param lead a sentence below the title
   */
  public ReportPage(String title, String lead) {
    this.title = title;
    this.lead = lead;
  }

  /** A share of 0 to 1 with two decimals, as papers have it; a dash where there is none. */
  public static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  /**
   * Adds the mean IoU to the figures at the top, with the number of classes that it is the mean of.
   *
   * @param where what it is of, after a comma; may be empty
   */
  public void meanIou(ConfusionMatrix confusion, String where) {
    int counted = confusion.countedClasses();
    String classes =
        counted == confusion.classes()
            ? "of " + counted
            : "of " + counted + " of " + confusion.classes();
    tile("mean IoU", percent(confusion.meanIou()), classes + " classes" + where);
  }

  /** Adds one of the figures at the top, of which there is room for four in a line. */
  public void tile(String label, String value, String note) {
    tiles.add(HtmlPage.tile(label, value, note));
  }

  /** Adds the curves of a training, if it has any. */
  public void curves(TrainingCurves curves) {
    if (curves.rows().isEmpty() && curves.validations().isEmpty()) {
      return;
    }
    boolean thinned = CurvesChart.isThinned(curves);
    sections.add(
        section(
            h2("Training"),
            iff(
                !curves.validations().isEmpty(),
                ul(li("training").withClass("one"), li("validation").withClass("two"))
                    .withClass("legend")),
            figure(
                CurvesChart.of(curves),
                figcaption(
                    "The loss of a training step is that of its batch, as the recipe has it"
                        + (thinned
                            ? "; drawn are means of neighbouring steps, and between what values"
                                + " they lie, as far as the scale shows them."
                            : ".")))));
  }

  /** Adds how well each class is found, and what is taken for what. */
  public void confusion(ConfusionMatrix confusion, ReportClasses classes) {
    sections.add(ClassesSection.of(confusion, classes));
    sections.add(ConfusionSection.of(confusion, classes));
  }

  /** Adds how well each class was found in a validation. */
  public void classes(TrainingCurves.Validation validation, ReportClasses classes) {
    sections.add(ClassesSection.of(validation, classes));
  }

  /** Adds images, if there are any. */
  public void images(List<ShownImage> images, ReportClasses classes) {
    if (!images.isEmpty()) {
      sections.add(ImagesSection.of(images, classes));
    }
  }

  /** Adds facts under a heading; they stand in two columns at the end of the page. */
  public void facts(String heading, List<Fact> more) {
    facts.add(section(h2(heading), FactList.of(more)));
  }

  /**
   * The text of the page.
   *
   * @param footer stands at its end
   */
  public String html(String footer) {
    return HtmlPage.of(
        title,
        STYLE,
        footer,
        header(h1(title), p(lead).withClass("lead"), dl(each(tiles.stream())).withClass("tiles")),
        each(sections.stream()),
        div(each(facts.stream())).withClass("columns"));
  }
}
