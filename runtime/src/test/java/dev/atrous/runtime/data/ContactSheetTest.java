package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContactSheetTest {
  private static final int WIDTH = 8 + 3 * (256 + 8);

  private static Image grey(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 100);
    return new Image(width, height, rgb);
  }

  private static LabelMap uniform(int width, int height, int label) {
    byte[] labels = new byte[width * height];
    Arrays.fill(labels, (byte) label);
    return new LabelMap(width, height, labels);
  }

  private static int color(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xffffff;
  }

  @Test
  void picturesOfASampleStandSideBySide(@TempDir Path directory) throws Exception {
    ContactSheet sheet = new ContactSheet(ClassColors.VOC, "image", "truth", "prediction");
    sheet.add("wide", grey(64, 32), uniform(64, 32, 1), uniform(64, 32, 2));
    sheet.add("high", grey(100, 500), uniform(100, 500, 255), uniform(100, 500, 0));
    Path file = directory.resolve("new/sheet.png");
    sheet.write(file, label -> "class " + label);
    BufferedImage picture = ImageIO.read(file.toFile());
    int first = 8 + 20 + 20; // margin, header, title
    int second = first + 128 + 8 + 20;
    assertThat(picture.getWidth()).isEqualTo(WIDTH);
    assertThat(picture.getHeight()).isEqualTo(second + 256 + 8 + 20 + 8);
    for (int y : new int[] {first, first + 127}) {
      assertThat(color(picture, 8, y)).isEqualTo(0x646464);
      assertThat(color(picture, 8 + 255, y)).isEqualTo(0x646464);
      assertThat(color(picture, 8 + 264, y)).isEqualTo(Palette.rgb(1));
      assertThat(color(picture, 8 + 2 * 264 + 255, y)).isEqualTo(Palette.rgb(2));
      assertThat(color(picture, 8 + 256, y)).isEqualTo(0xffffff);
    }
    assertThat(color(picture, 8 + 264, second)).isEqualTo(Palette.rgb(255));
    assertThat(color(picture, 8 + 264 + 50, second + 255)).isEqualTo(Palette.rgb(255));
    assertThat(color(picture, 8 + 264 + 52, second + 255)).isEqualTo(0xffffff);
    assertThat(color(picture, 8 + 2 * 264, second)).isEqualTo(Palette.rgb(0));
  }

  @Test
  void theLegendHasEveryLabelOnce(@TempDir Path directory) throws Exception {
    ContactSheet sheet = new ContactSheet(ClassColors.VOC, "image", "truth", "prediction");
    for (int label = 1; label < 8; label++) {
      sheet.add("", grey(256, 1), uniform(256, 1, label), uniform(256, 1, 1));
    }
    Path file = directory.resolve("sheet.png");
    Set<Integer> named = new TreeSet<>();
    sheet.write(
        file,
        label -> {
          assertThat(named.add(label)).isTrue();
          return "class " + label;
        });
    assertThat(named).containsExactly(1, 2, 3, 4, 5, 6, 7);
    BufferedImage picture = ImageIO.read(file.toFile());
    int top = 8 + 20 + 7 * (20 + 1 + 8);
    assertThat(picture.getHeight()).isEqualTo(top + 2 * 20 + 8);
    assertThat(color(picture, 8 + 1, top + 10)).isEqualTo(Palette.rgb(1));
    assertThat(color(picture, 8 + 5 * (WIDTH / 6) + 1, top + 10)).isEqualTo(Palette.rgb(6));
    assertThat(color(picture, 8 + 1, top + 20 + 10)).isEqualTo(Palette.rgb(7));
  }

  @Test
  void everyColumnNeedsAPicture() {
    ContactSheet sheet = new ContactSheet(ClassColors.VOC, "image", "truth");
    assertThatThrownBy(() -> sheet.add("", grey(2, 2), uniform(2, 2, 0), uniform(2, 2, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
