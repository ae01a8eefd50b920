package dev.atrous.samples.shapes;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;

/**
 * Draws a segmentation data set in the PASCAL VOC layout: photograph-like pictures of 130 to 190
 * pixels a side that hold one to three shapes. A class has an outline and a pattern; its hue is
 * shared with another class and with backgrounds. Shapes are turned at random, 5 to 70 % of the
 * image in size, may overlap and stick out of the image; at least 35 % of each can be seen.
 */
public final class ShapesGenerator {
  /** The classes in the order of their labels, background first. */
  public static final List<String> CLASS_NAMES =
      List.of("background", "disk", "square", "triangle", "ring", "cross", "star");

  private static final float JPEG_QUALITY = 0.9f;

  private ShapesGenerator() {}

  /**
   * Writes the splits {@code train} and {@code val}, over files of the same name if there are any.
   * Each picture follows from the seed, its split and its number; no two are alike.
   *
   * @param root where to make {@code JPEGImages}, {@code SegmentationClass} and {@code ImageSets}
   * @param train number of pictures to train on
   * @param val number of pictures to measure with
   * @param seed where all randomness comes from
   * @throws AtrousException if a file can't be written; the message names it
   */
  public static void generate(Path root, int train, int val, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    generate(root, "train", train, random.nextLong());
    generate(root, "val", val, random.nextLong());
  }

  private static void generate(Path root, String split, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] seeds = random.longs(count).toArray();
    List<String> ids = IntStream.range(0, count).mapToObj(i -> id(split, i)).toList();
    Path lists = root.resolve("ImageSets").resolve("Segmentation");
    Path images = root.resolve("JPEGImages");
    try {
      Files.createDirectories(lists);
      Files.createDirectories(images);
      Files.write(lists.resolve(split + ".txt"), ids);
    } catch (IOException e) {
      throw unwritable(root, e);
    }
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              Scene scene = Scene.random(new SplittableRandom(seeds[i]));
              writeJpeg(scene.image(), images.resolve(ids.get(i) + ".jpg"));
              scene.labels().write(root.resolve("SegmentationClass").resolve(ids.get(i) + ".png"));
            });
  }

  private static String id(String split, int number) {
    return "%s_%05d".formatted(split, number);
  }

  private static void writeJpeg(BufferedImage image, Path file) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try {
      Files.deleteIfExists(file); // the stream would keep the tail of a longer file
      try (FileImageOutputStream output = new FileImageOutputStream(file.toFile())) {
        ImageWriteParam options = writer.getDefaultWriteParam();
        options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        options.setCompressionQuality(JPEG_QUALITY);
        writer.setOutput(output);
        writer.write(null, new IIOImage(image, null, null), options);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    } finally {
      writer.dispose();
    }
  }

  private static AtrousException unwritable(Path file, IOException cause) {
    return new AtrousException(
        "The shapes can't be written to " + file + ": " + cause + ". Choose another folder.",
        cause);
  }
}
