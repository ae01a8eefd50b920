package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures written strip by strip. */
class LabelPicturesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private static Image image(int width, int height, Random random) {
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    for (int i = 0; i < rgb.length / 2; i++) { // half of it smooth, for every filter of PNG
      rgb[i] = (byte) (i / 7 + i % 5);
    }
    return new Image(width, height, rgb);
  }

  private static LabelMap labels(int width, int height, Random random) {
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : 0);
    }
    return new LabelMap(width, height, labels);
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1",
    "30,1,1",
    "1,30,7",
    "31,40,1",
    "31,40,2",
    "31,40,3",
    "31,41,40",
    "200,300,64"
  })
  void areThoseOfTheWhole(int width, int height, int strip) throws IOException {
    Random random = new Random(width);
    Image image = image(width, height, random);
    LabelMap labels = labels(width, height, random);
    Path mask = folder.resolve("new/mask.png");
    Path overlay = folder.resolve("new/overlay.png");
    try (LabelPictures pictures =
        new LabelPictures(image, mask, MaskValues.CLASSES, overlay, ClassColors.VOC)) {
      for (int top = 0; top < height; top += strip) {
        int rows = Math.min(strip, height - top);
        byte[] part = Arrays.copyOfRange(labels.labels(), top * width, (top + rows) * width);
        pictures.add(new LabelMap(width, rows, part));
      }
      assertThat(mask).doesNotExist();
      pictures.finish();
    }
    assertThat(LabelMap.read(mask).labels()).isEqualTo(labels.labels());
    assertThat(Image.read(overlay).values()).isEqualTo(Overlay.of(image, labels).values());
    for (int label : new int[] {0, 1, 255}) {
      assertThat(ImageIO.read(mask.toFile()).getColorModel().getRGB(label) & 0xffffff)
          .isEqualTo(Palette.rgb(label));
    }
    assertThat(mask.resolveSibling(".").toFile().list()).hasSize(2);
  }

  @Test
  void unfinishedOnesLeaveNothing() {
    Image image = image(20, 20, new Random(1));
    Path mask = folder.resolve("mask.png");
    try (LabelPictures pictures =
        new LabelPictures(
            image, mask, MaskValues.CLASSES, folder.resolve("overlay.png"), ClassColors.VOC)) {
      pictures.add(labels(20, 10, new Random(2)));
    }
    assertThat(folder.toFile().list()).isEmpty();
  }
}
