package dev.atrous.runtime.cli;

import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** A data set of red and green halves: red is class 0, green class 1, a column between is void. */
final class ColorFolder {
  static final int WIDTH = 48;
  static final int HEIGHT = 40;

  private ColorFolder() {}

  /** Writes eight images, {@code train} and {@code val} with four each. */
  static void write(Path root) throws IOException {
    Path lists = Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    List<String> ids = IntStream.range(0, 8).mapToObj(i -> "color" + i).toList();
    for (String id : ids) {
      int border = 16 + 2 * ids.indexOf(id);
      image(border).write(root.resolve("JPEGImages/" + id + ".png"));
      labels(border).write(root.resolve("SegmentationClass/" + id + ".png"));
    }
    Files.write(lists.resolve("train.txt"), ids.subList(0, 4));
    Files.write(lists.resolve("val.txt"), ids.subList(4, 8));
  }

  static Image image(int border) {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      rgb[3 * i + (i % WIDTH < border ? 0 : 1)] = (byte) 220;
    }
    return new Image(WIDTH, HEIGHT, rgb);
  }

  private static LabelMap labels(int border) {
    byte[] labels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < labels.length; i++) {
      int column = i % WIDTH;
      labels[i] = (byte) (column == border ? 255 : column < border ? 0 : 1);
    }
    return new LabelMap(WIDTH, HEIGHT, labels);
  }
}
