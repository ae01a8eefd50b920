package dev.atrous.runtime.describe;

import static j2html.TagCreator.dd;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;

import j2html.tags.DomContent;
import java.util.List;

/** Facts in two columns of a page. */
public final class FactList {
  private FactList() {}

  /** The list, in its order. */
  public static DomContent of(List<Fact> facts) {
    return dl(each(facts, fact -> each(dt(fact.label()), dd(Quantities.typeset(fact.value())))))
        .withClass("facts");
  }
}
