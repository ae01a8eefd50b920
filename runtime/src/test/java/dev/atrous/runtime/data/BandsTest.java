package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images of other bands than colours; see resources/images/bands.py. */
class BandsTest {
  private static final int WIDTH = 18;
  private static final int HEIGHT = 20;

  private static RgbImage read(String name, int bands) {
    Path file = ImageFormatsTest.resource(name);
    return ImageSet.of(List.of(file)).withBands(bands).read(file);
  }

  /** Tiled and planar files, compressed ones and those with a predictor among them. */
  @ParameterizedTest
  @CsvSource({
    "bands_1.tif, 1",
    "bands_1.png, 1",
    "bands_2_planar.tif, 2",
    "bands_2.png, 2",
    "bands_4_lzw_tiled.tif, 4",
    "bands_4.png, 4",
    "bands_5_planar_tiled.tif, 5",
    "bands_13_deflate_predictor.tif, 13"
  })
  void everyValueIsTheFiles(String name, int bands) {
    RgbImage image = read(name, bands);
    assertThat(image.width()).isEqualTo(WIDTH);
    assertThat(image.height()).isEqualTo(HEIGHT);
    assertThat(image.bands()).isEqualTo(bands);
    byte[] expected = new byte[WIDTH * HEIGHT * bands];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (7 * i);
    }
    assertThat(image.rgb()).containsExactly(expected);
  }

  @Test
  void turnedFilesAreTurnedWithAllBands() {
    RgbImage turned = read("orientation_6.png", 3);
    assertThat(turned.width()).isEqualTo(24);
    assertThat(turned.bands()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bands_5_planar_tiled.tif | 4 | has 5 bands, and the model wants 4",
        "plain.jpg | 4 | has 3 bands, and the model wants 4",
        "plain.jpg | 1 | has 3 bands, and the model wants 1",
        "bands_1.tif | 2 | has 1 band, and the model wants 2",
        "bands_4_of_16_bits.tif | 4 | has 16 bits for each value, and bands are read with 8",
        "bits.tif | 1 | has a palette or packed pixels, and the model wants 1 band",
        "transparent_palette.png | 4 | has a palette or packed pixels, and the model wants 4 bands",
      })
  void otherBandsAreRefusedByName(String name, int bands, String why) {
    assertThatThrownBy(() -> read(name, bands))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
  }

  /** Band b is 10 x + b: mirrored, scaled and padded as colours are. */
  @Test
  void cropsHaveEveryBand() {
    int bands = 5;
    byte[] values = new byte[4 * 4 * bands];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (10 * (i / bands % 4) + i % bands);
    }
    LabelledImage sample =
        new LabelledImage(new RgbImage(4, 4, bands, values), new LabelMap(4, 4, new byte[16]));
    MeanPixel mean = new MeanPixel(List.of(200f, 201f, 202.4f, 203f, 204f));
    Batch upright = new Batch(1, 6, new byte[6 * 6 * bands], new byte[36]);
    new Augmentation(1, 1, false).crop(sample, new SplittableRandom(1), mean, upright, 0);
    Batch turned = new Batch(1, 6, new byte[6 * 6 * bands], new byte[36]);
    new Augmentation(1, 1, false)
        .withRotation(1e-5)
        .crop(sample, new SplittableRandom(1), mean, turned, 0);
    for (Batch batch : List.of(upright, turned)) {
      assertThat(batch.bands()).isEqualTo(bands);
      for (int i = 0; i < batch.images().length; i++) {
        int x = i / bands % 6;
        int y = i / bands / 6;
        int expected = x < 4 && y < 4 ? 10 * x + i % bands : 200 + i % bands;
        assertThat(Byte.toUnsignedInt(batch.images()[i])).isEqualTo(expected);
      }
    }
  }

  @Test
  void threeOfTheBandsAreShown() {
    byte[] five = {1, 2, 3, 4, 5, 11, 12, 13, 14, 15};
    assertThat(new RgbImage(2, 1, 5, five).inColors().rgb()).containsExactly(1, 2, 3, 11, 12, 13);
    assertThat(new RgbImage(2, 1, 1, Arrays.copyOf(five, 2)).inColors().rgb())
        .containsExactly(1, 1, 1, 2, 2, 2);
  }

  /** Over all pixels of all images, not the mean of images. */
  @Test
  void statisticsAreOfAllPixels() {
    BandStatistics statistics = new BandStatistics(2);
    assertThat(statistics.means()).containsExactly(Double.NaN, Double.NaN);
    statistics.add(new RgbImage(1, 1, 2, new byte[] {0, (byte) 255}));
    statistics.add(new RgbImage(3, 1, 2, new byte[] {4, 55, 4, 55, 8, 35}));
    assertThat(statistics.pixels()).isEqualTo(4);
    assertThat(statistics.means()).containsExactly(4, 100);
    assertThat(statistics.deviations()[0]).isCloseTo(Math.sqrt(8), within(1e-12));
    assertThat(statistics.deviations()[1]).isCloseTo(Math.sqrt(8075), within(1e-9));
  }
}
