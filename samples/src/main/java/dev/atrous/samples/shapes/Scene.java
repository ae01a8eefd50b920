package dev.atrous.samples.shapes;

import dev.atrous.runtime.data.LabelMap;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.TexturePaint;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One picture: a background and a few objects, some of them partly behind others. */
final class Scene {
  private static final int MIN_SIDE = 130;
  private static final int MAX_SIDE = 190;
  private static final int MAX_OBJECTS = 3;
  private static final double MIN_SIZE = 0.05; // of the shorter side of the image
  private static final double MAX_SIZE = 0.7;
  private static final double SIZE_SKEW = 0.5; // below 1 favours large objects

  private static final int ATTEMPTS = 20; // to find an object a place
  private static final double MIN_VISIBLE = 0.35; // of the area of an object
  private static final int MIN_LABELLED = 9; // pixels of an object inside its void rim
  private static final double MIN_CONTRAST = 70; // between the mean colours of two surfaces

  private final SplittableRandom random;
  private final int width;
  private final int height;
  private final List<Placed> objects = new ArrayList<>();
  private int[] owners; // [H, W]: 0 background, i the i-th object

  /** An object; {@code area} is that of the whole outline, hidden parts included, in pixels. */
  private record Placed(int label, Shape shape, int area) {}

  private Scene(SplittableRandom random) {
    this.random = random;
    this.width = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    this.height = random.nextInt(MIN_SIDE, MAX_SIDE + 1);
    this.owners = new int[width * height];
  }

  /** Draws a scene of one to three objects. */
  static Scene random(SplittableRandom random) {
    Scene scene = new Scene(random);
    int wanted = random.nextInt(1, MAX_OBJECTS + 1);
    for (int i = 0; i < wanted; i++) {
      int label = random.nextInt(1, ShapesGenerator.CLASS_NAMES.size());
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (scene.place(label)) {
          break;
        }
      }
    }
    return scene;
  }

  /** Tries a size and a place; refused if that object or an earlier one could hardly be seen. */
  private boolean place(int label) {
    double share = Math.pow(random.nextDouble(), SIZE_SKEW);
    double size = Math.min(width, height) * (MIN_SIZE + share * (MAX_SIZE - MIN_SIZE));
    double angle = random.nextDouble(2 * Math.PI);
    double margin = 0.3 * size; // an object may stick out of the image
    double x = random.nextDouble(margin, width - margin);
    double y = random.nextDouble(margin, height - margin);
    int side = (int) Math.ceil(1.5 * size);
    int area = sum(fill(Shapes.placed(label, size, angle, side / 2.0, side / 2.0), side, side));
    objects.add(new Placed(label, Shapes.placed(label, size, angle, x, y), area));

    int[] before = owners;
    owners = before.clone();
    int[] covered = fill(objects.get(objects.size() - 1).shape(), width, height);
    for (int i = 0; i < owners.length; i++) {
      if (covered[i] != 0) {
        owners[i] = objects.size();
      }
    }
    if (allVisible()) {
      return true;
    }
    owners = before;
    objects.remove(objects.size() - 1);
    return false;
  }

  private boolean allVisible() {
    int[] visible = new int[objects.size() + 1];
    int[] labelled = new int[objects.size() + 1];
    for (int i = 0; i < owners.length; i++) {
      visible[owners[i]]++;
      labelled[owners[i]] += onRim(i % width, i / width) ? 0 : 1;
    }
    for (int i = 1; i <= objects.size(); i++) {
      if (visible[i] < MIN_VISIBLE * objects.get(i - 1).area() || labelled[i] < MIN_LABELLED) {
        return false;
      }
    }
    return true;
  }

  /** 1 where the centre of a pixel is inside, else 0. */
  private static int[] fill(Shape shape, int width, int height) {
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setColor(new Color(1));
    graphics.fill(shape);
    graphics.dispose();
    int[] pixels = canvas.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] &= 1;
    }
    return pixels;
  }

  private static int sum(int[] values) {
    return Arrays.stream(values).sum();
  }

  /** Beside another surface: pixels there are mixed and get no class, as in PASCAL VOC. */
  private boolean onRim(int x, int y) {
    int owner = owners[y * width + x];
    return (x > 0 && owners[y * width + x - 1] != owner)
        || (x < width - 1 && owners[y * width + x + 1] != owner)
        || (y > 0 && owners[(y - 1) * width + x] != owner)
        || (y < height - 1 && owners[(y + 1) * width + x] != owner);
  }

  /** The class of each pixel, with a rim of 255 one pixel wide on both sides of every border. */
  LabelMap labels() {
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      int owner = owners[i];
      int label = owner == 0 ? 0 : objects.get(owner - 1).label();
      labels[i] = (byte) (onRim(i % width, i / width) ? LabelMap.VOID : label);
    }
    return new LabelMap(width, height, labels);
  }

  /** The picture: textured, slightly blurred, then noisy. */
  BufferedImage image() {
    List<Texture> textures = textures();
    BufferedImage image = textures.get(0).paint(width, height, random);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (int i = 0; i < objects.size(); i++) {
      BufferedImage surface = textures.get(i + 1).paint(width, height, random);
      graphics.setPaint(new TexturePaint(surface, new Rectangle(width, height)));
      graphics.fill(objects.get(i).shape());
    }
    graphics.dispose();
    return noisy(blurred(image));
  }

  /**
   * Textures of background and objects, of distinguishable mean colours. They are drawn together,
   * and anew until all differ enough, so that the background's colours have the same distribution
   * as every object's.
   */
  private List<Texture> textures() {
    while (true) {
      List<Texture> textures = new ArrayList<>();
      boolean distinct = true;
      for (int i = 0; i <= objects.size(); i++) {
        int label = i == 0 ? 0 : objects.get(i - 1).label();
        Texture texture = Texture.random(label, random);
        distinct &= textures.stream().allMatch(t -> t.distance(texture) >= MIN_CONTRAST);
        textures.add(texture);
      }
      if (distinct) {
        return textures;
      }
    }
  }

  private BufferedImage blurred(BufferedImage image) {
    float side = (float) random.nextDouble(0.02, 0.2); // weight of a neighbour
    float corner = side * side;
    float centre = 1 - 4 * side - 4 * corner;
    float[] weights = {corner, side, corner, side, centre, side, corner, side, corner};
    return new ConvolveOp(new Kernel(3, 3, weights), ConvolveOp.EDGE_NO_OP, null)
        .filter(image, null);
  }

  private BufferedImage noisy(BufferedImage image) {
    double deviation = random.nextDouble(2, 7);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        int noisy = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
          double value = (rgb >> shift & 0xff) + deviation * random.nextGaussian();
          noisy |= (int) Math.min(Math.max(Math.round(value), 0), 255) << shift;
        }
        image.setRGB(x, y, noisy);
      }
    }
    return image;
  }
}
