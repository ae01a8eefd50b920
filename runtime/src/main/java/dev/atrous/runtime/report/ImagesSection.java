package dev.atrous.runtime.report;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.img;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.data.ErrorMap;
import dev.atrous.runtime.data.LabelMap;
import j2html.tags.DomContent;
import j2html.tags.specialized.SectionTag;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Images that a model does well on, not so well, and badly. */
final class ImagesSection {
  private static final List<String> COLUMNS =
      List.of("image", "truth", "prediction over the image", "errors");
  private static final Map<ImageRanking.Kind, String> TITLES =
      new EnumMap<>(
          Map.of(
              ImageRanking.Kind.BEST, "Best",
              ImageRanking.Kind.MEDIAN, "In the middle",
              ImageRanking.Kind.WORST, "Worst"));
  private static final String REMARK =
      "By the mean IoU of each image alone, over the classes that occur in its truth or its"
          + " prediction. Errors are where prediction and truth differ.";

  private ImagesSection() {}

  static SectionTag of(List<ShownImage> images, ReportClasses classes) {
    TreeSet<Integer> labels = new TreeSet<>();
    images.forEach(image -> labels.addAll(image.labels()));
    labels.remove(LabelMap.VOID);
    return section(
        h2("Images"),
        p(REMARK).withClass("remark"),
        ul(
                each(labels, label -> li(classes.swatch(label))),
                li(ReportClasses.swatch(ErrorMap.WRONG, "wrong")),
                li(ReportClasses.swatch(ErrorMap.LEFT_OUT, "left out by the truth (errors)")))
            .withClass("colors"),
        each(List.of(ImageRanking.Kind.values()), kind -> group(kind, images, classes)));
  }

  private static DomContent group(
      ImageRanking.Kind kind, List<ShownImage> images, ReportClasses classes) {
    List<ShownImage> some = images.stream().filter(image -> image.choice().kind() == kind).toList();
    return iff(
        !some.isEmpty(),
        div(
            h3(TITLES.get(kind)),
            div(each(COLUMNS, column -> span(column))).withClass("pictures heads"),
            each(some, image -> row(image, classes))));
  }

  private static DomContent row(ShownImage image, ReportClasses classes) {
    EncodedPicture[] pictures = image.pictures(classes.colors());
    ImageRanking.Score score = image.choice().score();
    return figure(
            figcaption(
                span(image.name()).withClass("sample"),
                span(
                    "mIoU %s, pixel accuracy %s"
                        .formatted(
                            ReportPage.percent(score.miou()),
                            ReportPage.percent(score.accuracy())))),
            div(each(
                    IntStream.range(0, pictures.length)
                        .mapToObj(
                            i ->
                                img()
                                    .withSrc(pictures[i].dataUri())
                                    .withAlt(COLUMNS.get(i) + " of " + image.name())
                                    .withTitle(COLUMNS.get(i))
                                    .attr("width", pictures[i].width())
                                    .attr("height", pictures[i].height()))))
                .withClass("pictures"))
        .withClass("shown");
  }
}
