package dev.atrous.runtime.cli;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Small data sets of each layout, most of them of images and masks in two halves. */
final class LayoutFolders {
  static final int WIDTH = 20;
  static final int HEIGHT = 16;

  private LayoutFolders() {}

  @FunctionalInterface
  interface Writing {
    void to(Path data) throws IOException;
  }

  /** A picture whose left half has another colour than its right. */
  static void image(Path file, int left, int right) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    fill(image, left, right);
    ImageIO.write(image, "png", file.toFile());
  }

  static void fill(BufferedImage image, int left, int right) {
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, i % WIDTH < WIDTH / 2 ? left : right);
    }
  }

  /** A mask of two values. */
  static void mask(Path file, int left, int right) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int value = i % WIDTH < WIDTH / 2 ? left : right;
      image.getRaster().setSample(i % WIDTH, i / WIDTH, 0, value);
    }
    ImageIO.write(image, "png", file.toFile());
  }

  static Writing folders(int left, int right) {
    return data -> {
      for (int i = 0; i < 4; i++) {
        image(data.resolve("images/" + i + ".png"), 0xff0000 + i, 0x00ff00 + i);
        mask(data.resolve("masks/" + i + "_mask.png"), left, right);
      }
    };
  }

  static Writing colors(int left, int right) {
    return data -> {
      for (String split : List.of("train", "val")) {
        for (int i = 0; i < 2; i++) {
          String name = split + "/" + i + ".png";
          image(data.resolve("images").resolve(name), 0xff0000 + i, split.length());
          image(data.resolve("masks").resolve(name), left, right);
        }
      }
    };
  }

  static Writing rules(Writing data, String... lines) {
    return folder -> {
      data.to(folder);
      Files.write(folder.resolve("label-rules.txt"), List.of(lines));
    };
  }

  static void cityscapes(Path data) throws IOException {
    for (String split : List.of("train", "val")) {
      String name = split + "/ulm/ulm_" + split.length() + "_";
      image(data.resolve("leftImg8bit/" + name + "leftImg8bit.png"), 0xff0000, split.length());
      mask(data.resolve("gtFine/" + name + "gtFine_labelIds.png"), 7, 24);
    }
  }

  static void ade20k(Path data) throws IOException {
    for (String split : List.of("training", "validation")) {
      image(data.resolve("images/" + split + "/a.png"), 0xff0000, split.length());
      mask(data.resolve("annotations/" + split + "/a.png"), 0, 150);
    }
  }

  /**
   * One region, the left half, of the first of two categories.
   *
   * @param kind {@code instances} or {@code stuff}
   * @param region polygons, or run lengths with {@code %s} for the size
   */
  static Writing coco(String kind, String region) {
    String regions = region.replace("%s", "\"size\": [16, 20], \"counts\"");
    return data -> {
      for (String split : List.of("train2017", "val2017")) {
        image(data.resolve(split + "/a.png"), 0xff0000, split.length());
        Files.createDirectories(data.resolve("annotations"));
        Files.writeString(
            data.resolve("annotations/" + kind + "_" + split + ".json"),
            """
            {"images": [{"id": 1, "file_name": "a.png", "width": 20, "height": 16}],
             "annotations": [{"image_id": 1, "category_id": 3, "area": 160, "iscrowd": 0,
                              "segmentation": %s}],
             "categories": [{"id": 3, "name": "disc"}, {"id": 9, "name": "ring"}]}"""
                .formatted(regions));
      }
    };
  }

  /** A dog of 1152 pixels before a kite, which PASCAL VOC does not know; and a smaller dog. */
  static void cocoDogs(Path data) throws IOException {
    for (String split : List.of("train2017", "val2017")) {
      Path folder = Files.createDirectories(data.resolve(split));
      for (String name : List.of("large", "small")) {
        BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x00ff00 + split.length() + name.hashCode() % 100);
        ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
      }
      Files.createDirectories(data.resolve("annotations"));
      Files.writeString(
          data.resolve("annotations/instances_" + split + ".json"),
          """
          {"images": [{"id": 1, "file_name": "large.png", "width": 48, "height": 32},
                      {"id": 2, "file_name": "small.png", "width": 48, "height": 32}],
           "annotations": [{"image_id": 1, "category_id": 18, "area": 1152, "iscrowd": 0,
                            "segmentation": [[0, 0, 48, 0, 48, 24, 0, 24]]},
                           {"image_id": 1, "category_id": 38, "area": 96, "iscrowd": 0,
                            "segmentation": [[0, 26, 48, 26, 48, 28, 0, 28]]},
                           {"image_id": 2, "category_id": 18, "area": 960, "iscrowd": 0,
                            "segmentation": [[0, 0, 48, 0, 48, 20, 0, 20]]}],
           "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"},
                          {"id": 38, "name": "kite"}, {"id": 72, "name": "tv"}]}""");
    }
  }

  /** Masks of indices whose colours are in the file: the indices mean nothing. */
  static Writing palettes(int left, int right) {
    return data -> {
      byte[][] bands = new byte[3][2];
      for (int band = 0; band < 3; band++) {
        bands[band][0] = (byte) (right >> (16 - 8 * band));
        bands[band][1] = (byte) (left >> (16 - 8 * band));
      }
      IndexColorModel palette = new IndexColorModel(1, 2, bands[0], bands[1], bands[2]);
      for (int i = 0; i < 4; i++) {
        image(data.resolve("images/" + i + ".png"), 0xff0000 + i, 0x00ff00 + i);
        BufferedImage mask =
            new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY, palette);
        fill(mask, left, right);
        Files.createDirectories(data.resolve("masks"));
        ImageIO.write(mask, "png", data.resolve("masks/" + i + ".png").toFile());
      }
    };
  }

  /** Two folders with lists of their splits. */
  static void lists(Path data) throws IOException {
    folders(0, 1).to(data);
    Files.write(data.resolve("train.txt"), List.of("0", "2", "3"));
    Files.write(data.resolve("val.txt"), List.of("1"));
  }

  /** A mask of one value. */
  static void mask(Path file, int width, int height, int value) throws IOException {
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, value);
    }
    ImageIO.write(image, "png", file.toFile());
  }
}
