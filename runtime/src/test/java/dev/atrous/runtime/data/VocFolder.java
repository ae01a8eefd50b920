package dev.atrous.runtime.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes small data sets in the PASCAL VOC layout. */
final class VocFolder {
  private VocFolder() {}

  static void split(Path root, String split, List<String> ids) throws IOException {
    Path lists = Files.createDirectories(root.resolve("ImageSets/Segmentation"));
    Files.createDirectories(root.resolve("JPEGImages"));
    Files.createDirectories(root.resolve("SegmentationClass"));
    Files.write(lists.resolve(split + ".txt"), ids);
  }

  /** An image whose every pixel is {@code (40 * label, 10, 250)}. */
  static void sample(Path root, String id, LabelMap labels) {
    byte[] rgb = new byte[3 * labels.labels().length];
    for (int i = 0; i < labels.labels().length; i++) {
      rgb[3 * i] = (byte) (40 * labels.labels()[i]);
      rgb[3 * i + 1] = 10;
      rgb[3 * i + 2] = (byte) 250;
    }
    new Image(labels.width(), labels.height(), rgb)
        .write(root.resolve("JPEGImages/" + id + ".png"));
    labels.write(root.resolve("SegmentationClass/" + id + ".png"));
  }

  /** A set of {@code size} samples; sample {@code i} is wholly of label {@code i}. */
  static FolderDataset uniform(Path root, int size, int width, int height) throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      byte[] labels = new byte[width * height];
      Arrays.fill(labels, (byte) i);
      ids.add("sample" + i);
      sample(root, "sample" + i, new LabelMap(width, height, labels));
    }
    split(root, "train", ids);
    return FolderDataset.open(root, "train", size);
  }

  static void jpeg(Path file, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, "jpg", file.toFile());
  }
}
