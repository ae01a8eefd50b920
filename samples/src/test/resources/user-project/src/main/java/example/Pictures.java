package example;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws a data set in the PASCAL VOC layout: JPEG photographs of discs, and their palette masks. */
final class Pictures {
  private static final Color[] COLOURS = {Color.GRAY, Color.RED, Color.GREEN, Color.BLUE};

  private Pictures() {}

  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path lists = Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    Path images = Files.createDirectories(root.resolve("JPEGImages"));
    Path masks = Files.createDirectories(root.resolve("SegmentationClass"));
    Random random = new Random(1);
    for (int i = 0; i < 8; i++) {
      int width = 80 + random.nextInt(40);
      int height = 80 + random.nextInt(40);
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      BufferedImage mask =
          new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette());
      Graphics2D paint = image.createGraphics();
      paint.setColor(COLOURS[0]);
      paint.fillRect(0, 0, width, height);
      for (int label = 1; label < COLOURS.length; label++) {
        int x = random.nextInt(width - 30);
        int y = random.nextInt(height - 30);
        paint.setColor(COLOURS[label]);
        paint.fillOval(x, y, 30, 30);
        for (int dx = 0; dx < 30; dx++) {
          for (int dy = 0; dy < 30; dy++) {
            if (Math.hypot(dx - 14.5, dy - 14.5) <= 15) {
              mask.getRaster().setSample(x + dx, y + dy, 0, label);
            }
          }
        }
      }
      paint.dispose();
      ImageIO.write(image, "jpg", images.resolve("disc" + i + ".jpg").toFile());
      ImageIO.write(mask, "png", masks.resolve("disc" + i + ".png").toFile());
    }
    Files.write(lists.resolve("train.txt"), List.of("disc0", "disc1", "disc2", "disc3", "disc4"));
    Files.write(lists.resolve("val.txt"), List.of("disc5", "disc6", "disc7"));
  }

  private static IndexColorModel palette() {
    byte[] red = new byte[256];
    byte[] green = new byte[256];
    byte[] blue = new byte[256];
    for (int label = 0; label < COLOURS.length; label++) {
      red[label] = (byte) COLOURS[label].getRed();
      green[label] = (byte) COLOURS[label].getGreen();
      blue[label] = (byte) COLOURS[label].getBlue();
    }
    return new IndexColorModel(8, 256, red, green, blue);
  }
}
