package dev.atrous.runtime.report;

import static j2html.TagCreator.i;
import static j2html.TagCreator.span;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.data.LabelMap;
import j2html.tags.DomContent;
import java.util.List;

/**
 * The classes of a model as a page shows them.
 *
 * @param names one for each class, or none
 */
public record ReportClasses(List<String> names, ClassColors colors) {
  public ReportClasses {
    names = List.copyOf(names);
  }

  /** The number of a class, and its name where there is one. */
  String name(int label) {
    return label == LabelMap.VOID ? "left out" : LabelCounts.name(label, names);
  }

  /** The colour of a class and its name. */
  DomContent swatch(int label) {
    return swatch(colors.rgb(label), name(label));
  }

  /** A colour and what it means. */
  static DomContent swatch(int rgb, String name) {
    return span(i().withClass("swatch").withStyle("background:#%06x".formatted(rgb)), span(name));
  }
}
