package dev.atrous.samples.spark;

import dev.atrous.samples.shapes.ShapesGenerator;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Image files to label: good ones, and some that are none. */
final class Pictures {
  /** Names of files that can't be labelled, and what must be said of each. */
  static final List<List<String>> BAD =
      List.of(
          List.of("cut.jpg", "cut off or damaged"),
          List.of("empty.png", "it is empty"),
          List.of("page.jpg", "a page of HTML"));

  /** A picture of 16 bits that does not say how many of them it uses. */
  static final String DEEP = "deep.png";

  private Pictures() {}

  /** Draws good pictures, some in folders below, with names that are no trouble-free URLs. */
  static List<Path> draw(Path folder, int count) throws IOException {
    Path shapes = folder.resolveSibling(folder.getFileName() + "-shapes");
    ShapesGenerator.generate(shapes, count, 0, 1);
    Path below = Files.createDirectories(folder.resolve("more of them").resolve("50%20 #1"));
    List<Path> drawn;
    try (Stream<Path> files = Files.list(shapes.resolve("JPEGImages"))) {
      drawn = files.sorted().toList();
    }
    List<Path> pictures = new ArrayList<>();
    for (Path picture : drawn) {
      Path place = pictures.size() % 3 == 0 ? below : folder;
      pictures.add(Files.copy(picture, place.resolve("_" + picture.getFileName())));
    }
    return pictures;
  }

  /** Adds what is bad, and what is passed over. */
  static void addBad(Path folder, Path good) throws IOException {
    byte[] jpeg = Files.readAllBytes(good);
    Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.write(folder.resolve("empty.png"), new byte[0]);
    Files.writeString(folder.resolve("page.jpg"), "<html>not found</html>");
    Files.writeString(folder.resolve("readme.txt"), "no picture");
    Files.write(folder.resolve(".hidden.jpg"), jpeg);
    Path hidden = Files.createDirectories(folder.resolve(".hidden").resolve("below"));
    Files.write(hidden.resolve("a.jpg"), jpeg);
  }

  /** Adds a picture of 16 bits. */
  static Path addDeep(Path folder) throws IOException {
    BufferedImage deep = new BufferedImage(120, 100, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < deep.getHeight(); y++) {
      for (int x = 0; x < deep.getWidth(); x++) {
        deep.getRaster().setSample(x, y, 0, (x * y) % 4096);
      }
    }
    Path file = folder.resolve(DEEP);
    ImageIO.write(deep, "png", file.toFile());
    return file;
  }
}
