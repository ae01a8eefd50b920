package dev.atrous.runtime.page;

import static j2html.TagCreator.text;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** An element of a drawing. Lengths are in units of the drawing; colours come from the page. */
public final class Svg extends ContainerTag<Svg> {
  /** An upper bound of the width of a letter, as a share of the size of the type. */
  private static final double LETTER = 0.64;

  private Svg(String element) {
    super(element);
  }

  /**
   * A drawing that is as wide as the page has room for.
   *
   * @param id of its title and description in the page
   * @param title what it is, in a few words
   * @param description what it shows, for those who don't see it
   */
  public static Svg drawing(
      String id, double width, double height, String title, String description, DomContent... all) {
    return new Svg("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("viewBox", "0 0 " + number(width) + " " + number(height))
        .attr("role", "img")
        .attr("aria-labelledby", id + "-title " + id + "-description")
        .with(new Svg("title").withId(id + "-title").with(text(title)))
        .with(new Svg("desc").withId(id + "-description").with(text(description)))
        .with(all);
  }

  public static Svg group(String style, DomContent... content) {
    return new Svg("g").withClass(style).with(content);
  }

  public static Svg group(String style, List<? extends DomContent> content) {
    return new Svg("g").withClass(style).with(content);
  }

  public static Svg box(String style, double x, double y, double width, double height) {
    return new Svg("rect")
        .withClass(style)
        .attr("x", number(x))
        .attr("y", number(y))
        .attr("width", number(width))
        .attr("height", number(height))
        .attr("rx", 5);
  }

  public static Svg square(String style, double centerX, double centerY, double side) {
    return box(style, centerX - side / 2, centerY - side / 2, side, side).attr("rx", 1);
  }

  public static Svg dot(String style, double x, double y, double radius) {
    return new Svg("circle")
        .withClass(style)
        .attr("cx", number(x))
        .attr("cy", number(y))
        .attr("r", number(radius));
  }

  public static Svg line(String style, double fromX, double fromY, double toX, double toY) {
    return path(style, "M", fromX, fromY, "L", toX, toY);
  }

  /**
   * A path.
   *
   * @param data letters and numbers of the {@code d} attribute
   */
  public static Svg path(String style, Object... data) {
    StringBuilder d = new StringBuilder();
    for (Object item : data) {
      d.append(d.isEmpty() ? "" : " ")
          .append(item instanceof Number number ? number(number.doubleValue()) : item);
    }
    return new Svg("path").withClass(style).attr("d", d.toString());
  }

  /** A line through points, with an arrow at its end. */
  public static Svg arrow(double... points) {
    Object[] data = new Object[points.length / 2 * 3];
    for (int i = 0; i < points.length / 2; i++) {
      data[3 * i] = i == 0 ? "M" : "L";
      data[3 * i + 1] = points[2 * i];
      data[3 * i + 2] = points[2 * i + 1];
    }
    return path("arrow", data).attr("marker-end", "url(#arrow)");
  }

  /** The head of arrows; once in a page. */
  public static Svg arrowHead() {
    return new Svg("defs")
        .with(
            new Svg("marker")
                .withId("arrow")
                .attr("viewBox", "0 0 8 8")
                .attr("refX", 7)
                .attr("refY", 4)
                .attr("markerWidth", 7)
                .attr("markerHeight", 7)
                .attr("orient", "auto")
                .with(path("arrow-head", "M", 0, 0.5, "L", 8, 4, "L", 0, 7.5, "Z")));
  }

  /**
   * A picture of few pixels, each of which is drawn as a square.
   *
   * @param address that has the picture in it
   */
  public static Svg pixels(double x, double y, double width, double height, String address) {
    return new Svg("image")
        .withClass("pixels")
        .attr("x", number(x))
        .attr("y", number(y))
        .attr("width", number(width))
        .attr("height", number(height))
        .attr("preserveAspectRatio", "none")
        .attr("href", address);
  }

  /** Text; its style says where its anchor is. */
  public static Svg label(String style, double x, double y, String text) {
    return new Svg("text")
        .withClass(style)
        .attr("x", number(x))
        .attr("y", number(y))
        .with(text(text));
  }

  /** Turns it around a point, so that text runs from below to above. */
  public Svg turned(double x, double y) {
    return attr("transform", "rotate(-90 " + number(x) + " " + number(y) + ")");
  }

  /** Adds what is shown when the pointer is on it. */
  public Svg tip(String text) {
    return with(new Svg("title").with(text(text)));
  }

  /** At most so wide is a text of some size. */
  public static double width(String text, double size) {
    return text.length() * size * LETTER;
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
