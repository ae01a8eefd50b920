package dev.atrous.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The labels of an image that COCO's JSON describes. The value of a pixel is the id of the category
 * whose region it is in, or 0 outside of all. Regions whose category means the same as 0 are left
 * out, as if they were not there. Where regions of several classes overlap, the pixel is ignored.
 *
 * <p>A polygon takes the pixels whose centres are inside.
 */
record CocoLabels(CocoFile coco, CocoFile.Image image) implements LabelSource {
  private static final byte OUTSIDE = 0;

  @Override
  public Path file() {
    return coco.path();
  }

  @Override
  public ImageFiles.Size size() {
    return image.size();
  }

  @Override
  public LabelMap read(LabelRules rules, Consumer<StoredMask> stored) {
    int width = image.size().width();
    int height = image.size().height();
    int background = label(rules, OUTSIDE);
    byte[] labels = new byte[width * height];
    Arrays.fill(labels, (byte) background);
    boolean[] taken = new boolean[labels.length];
    for (CocoFile.Region region : image.regions()) {
      int label = label(rules, region.category());
      if (label != background) {
        byte[] inside = pixels(region);
        for (int i = 0; i < labels.length; i++) {
          if (inside[i] != OUTSIDE) {
            boolean other = taken[i] && labels[i] != (byte) label;
            labels[i] = (byte) (other ? LabelMap.VOID : label);
            taken[i] = true;
          }
        }
      }
    }
    return new LabelMap(width, height, labels);
  }

  private int label(LabelRules rules, int category) {
    int label = rules.label(category);
    if (label < 0) {
      throw new UnusableFile(
          category == OUTSIDE
              ? "There is no rule for 0, the pixels outside of all regions of %s".formatted(file())
              : "Image %s has category %d (%s) in %s, without a rule"
                  .formatted(image.name(), category, coco.categories().get(category), file()),
          "Add lines like '%d = 0' or '%d = ignore' to the rules (%s), or 'other = ignore' for all that have none."
              .formatted(category, category, rules.name()));
    }
    return label;
  }

  /** {@code [H, W]}; 0 outside. */
  private byte[] pixels(CocoFile.Region region) {
    JsonNode segmentation = coco.segmentation(region);
    int width = image.size().width();
    int height = image.size().height();
    if (segmentation.isObject()) {
      return CocoRuns.pixels(segmentation, image.size(), where(region));
    }
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = canvas.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      for (JsonNode polygon : segmentation) {
        graphics.fill(path(polygon, region));
      }
    } finally {
      graphics.dispose();
    }
    return ((DataBufferByte) canvas.getRaster().getDataBuffer()).getData();
  }

  private Path2D path(JsonNode polygon, CocoFile.Region region) {
    if (!polygon.isArray() || polygon.size() < 6 || polygon.size() % 2 != 0) {
      throw new UnusableFile(
          where(region) + " has a polygon that is no list of at least three points x, y",
          "Mend the annotation, or remove it.");
    }
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    path.moveTo(polygon.get(0).asDouble(), polygon.get(1).asDouble());
    for (int i = 2; i < polygon.size(); i += 2) {
      path.lineTo(polygon.get(i).asDouble(), polygon.get(i + 1).asDouble());
    }
    path.closePath();
    return path;
  }

  private String where(CocoFile.Region region) {
    return "The annotation at byte %d of %s, of image %s,"
        .formatted(region.from(), file(), image.name());
  }
}
