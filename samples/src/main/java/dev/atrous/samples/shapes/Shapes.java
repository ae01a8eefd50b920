package dev.atrous.samples.shapes;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The outlines of the object classes, in a square from (-0.5, -0.5) to (0.5, 0.5). */
final class Shapes {
  private Shapes() {}

  /**
   * An outline turned, enlarged and moved.
   *
   * @param label 1..6, in the order of {@link ShapesGenerator#CLASS_NAMES}
   * @param size diameter, or side of the square, in pixels
   * @param angle in radians
   * @param x centre, in pixels
   * @param y centre, in pixels
   */
  static Shape placed(int label, double size, double angle, double x, double y) {
    AffineTransform transform = AffineTransform.getTranslateInstance(x, y);
    transform.rotate(angle);
    transform.scale(size, size);
    return transform.createTransformedShape(outline(label));
  }

  private static Shape outline(int label) {
    return switch (label) {
      case 1 -> new Ellipse2D.Double(-0.5, -0.5, 1, 1);
      case 2 -> new Rectangle2D.Double(-0.44, -0.44, 0.88, 0.88);
      case 3 -> points(3, 0.55, 0.55);
      case 4 -> ring();
      case 5 -> cross();
      case 6 -> points(10, 0.55, 0.23);
      default -> throw new IllegalArgumentException("no outline of label " + label);
    };
  }

  /** A polygon whose corners lie by turns on an outer and an inner circle. */
  private static Shape points(int count, double outer, double inner) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < count; i++) {
      double radius = i % 2 == 0 ? outer : inner;
      double angle = 2 * Math.PI * i / count;
      double x = radius * Math.cos(angle);
      double y = radius * Math.sin(angle);
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }

  private static Shape ring() {
    Area ring = new Area(new Ellipse2D.Double(-0.5, -0.5, 1, 1));
    ring.subtract(new Area(new Ellipse2D.Double(-0.27, -0.27, 0.54, 0.54)));
    return ring;
  }

  private static Shape cross() {
    Area cross = new Area(new Rectangle2D.Double(-0.5, -0.17, 1, 0.34));
    cross.add(new Area(new Rectangle2D.Double(-0.17, -0.5, 0.34, 1)));
    return cross;
  }
}
