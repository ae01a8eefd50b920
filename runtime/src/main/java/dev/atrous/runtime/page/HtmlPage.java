package dev.atrous.runtime.page;

import static j2html.TagCreator.body;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.span;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import j2html.Config;
import j2html.rendering.FlatHtml;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The frame of a page of HTML. The page is one file that needs nothing else and runs no script. It
 * is well-formed XML, too.
 */
public final class HtmlPage {
  private static final String STYLE = styleSheet(HtmlPage.class, "page.css");

  private HtmlPage() {}

  /**
   * The text of a page.
   *
   * @param style what it adds to the style of all pages; see {@link #styleSheet}
   * @param footer stands at the end
   */
  public static String of(String title, String style, String footer, DomContent... content) {
    DomContent page =
        html(
                head(
                    meta().withCharset("utf-8"),
                    meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                    meta().withName("color-scheme").withContent("light dark"),
                    title(title),
                    style(rawHtml(STYLE + style))),
                body(main(content), footer(p(footer))))
            .withLang("en");
    try {
      Config config = Config.defaults().withEmptyTagsClosed(true);
      return "<!DOCTYPE html>\n" + page.render(FlatHtml.inMemory(config)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
  }

  /** The text of a style sheet that lies beside a class. */
  public static String styleSheet(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the archive of the runtime");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the figures at the top of a page. */
  public static DomContent tile(String label, String value, String note) {
    return div(dt(label), dd(span(value).withClass("value"), span(note).withClass("note")));
  }

  /** What is wider than the page scrolls by itself. */
  public static DomContent scrolling(DomContent content, String name) {
    return div(content)
        .withClass("scrolling")
        .withTabindex(0)
        .attr("role", "region")
        .attr("aria-label", name);
  }
}
