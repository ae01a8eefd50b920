package dev.atrous.samples.shapes;

import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelledImage;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Data of one's own: shapes that are drawn when they are needed, without a file. */
public record DrawnShapes(String name, int size, long seed) implements Dataset {
  @Override
  public int classes() {
    return ShapesGenerator.CLASS_NAMES.size();
  }

  @Override
  public String sampleName(int index) {
    return "scene " + index;
  }

  @Override
  public LabelledImage load(int index) {
    Scene scene = Scene.random(new SplittableRandom(seed + index));
    BufferedImage image = scene.image();
    byte[] rgb = new byte[3 * image.getWidth() * image.getHeight()];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
      rgb[i] = (byte) (pixel >> (16 - 8 * (i % 3)));
    }
    return new LabelledImage(new Image(image.getWidth(), image.getHeight(), rgb), scene.labels());
  }
}
