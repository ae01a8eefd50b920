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

  private static Image read(String name, int bands) {
    return read(name, bands, 8);
  }

  private static Image read(String name, int bands, int bits) {
    Path file = ImageFormatsTest.resource(name);
    return ImageSet.of(List.of(file)).withPixels(new PixelFormat(bands, bits)).read(file);
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
    Image image = read(name, bands);
    assertThat(image.width()).isEqualTo(WIDTH);
    assertThat(image.height()).isEqualTo(HEIGHT);
    assertThat(image.bands()).isEqualTo(bands);
    byte[] expected = new byte[WIDTH * HEIGHT * bands];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (7 * i);
    }
    assertThat(image.values()).containsExactly(expected);
  }

  /** Both orders of bytes, and values stored as differences, which ImageIO can't read. */
  @ParameterizedTest
  @CsvSource({
    "deep_1.tif, 1",
    "deep_1.png, 1",
    "deep_3.tif, 3",
    "deep_4.tif, 4",
    "deep_4_big_endian.tif, 4",
    "deep_4_lzw_predictor.tif, 4",
    "deep_4_big_endian_predictor.tif, 4",
    "deep_5_planar_tiled.tif, 5",
    "deep_5_planar_predictor.tif, 5",
    "deep_4_predictor_without_compression.tif, 4",
    "deep_4_packbits.tif, 4"
  })
  void everyValueOf16BitsIsTheFiles(String name, int bands) {
    Image image = read(name, bands, 16);
    assertThat(image.format()).isEqualTo(new PixelFormat(bands, 16));
    for (int i = 0; i < WIDTH * HEIGHT * bands; i++) {
      assertThat(image.value(i)).isEqualTo(773 * i & 0xffff);
    }
  }

  @Test
  void valuesOf16BitsAreTurned() {
    Image image = read("deep_13_turned_predictor.tif", 13, 16);
    assertThat(image.width()).isEqualTo(HEIGHT);
    for (int y = 0, i = 0; y < WIDTH; y++) {
      for (int x = 0; x < HEIGHT; x++) {
        for (int band = 0; band < 13; band++, i++) {
          int stored = ((HEIGHT - 1 - x) * WIDTH + y) * 13 + band;
          assertThat(image.value(i)).isEqualTo(773 * stored & 0xffff);
        }
      }
    }
  }

  /** Also of a turned file, whose strips are columns that begin within a tile. */
  @ParameterizedTest
  @CsvSource({
    "bands_5_planar_tiled.tif, 5, 8",
    "deep_4_lzw_predictor.tif, 4, 16",
    "deep_5_planar_predictor.tif, 5, 16",
    "deep_13_turned_predictor.tif, 13, 16"
  })
  void stripsAreThoseOfTheWhole(String name, int bands, int bits) {
    Image whole = read(name, bands, bits);
    Path file = ImageFormatsTest.resource(name);
    ImageSet set = ImageSet.of(List.of(file)).withPixels(new PixelFormat(bands, bits));
    for (int count : new int[] {1, 3, 7}) {
      FileRows rows = set.rows(file).inStripsOf(count);
      assertThat(rows.format()).isEqualTo(whole.format());
      for (int top = 0; top + count <= whole.height(); top += count) {
        assertThat(rows.rows(top, count).values()).isEqualTo(whole.rows(top, count).values());
      }
    }
  }

  @Test
  void turnedFilesAreTurnedWithAllBands() {
    Image turned = read("orientation_6.png", 3);
    assertThat(turned.width()).isEqualTo(24);
    assertThat(turned.bands()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bands_5_planar_tiled.tif | 4 | 8 | has 5 bands, and the model wants 4",
        "plain.jpg | 4 | 8 | has 3 bands, and the model wants 4",
        "plain.jpg | 1 | 8 | has 3 bands, and the model wants 1",
        "bands_1.tif | 2 | 8 | has 1 band, and the model wants 2",
        "deep_4.tif | 4 | 8 | has 16 bits for each value, and the model wants 8",
        "deep_5_planar_tiled.tif | 4 | 16 | has 5 bands, and the model wants 4",
        "bands_4.png | 4 | 16 | has 8 bits for each value, and the model wants 16",
        "plain.jpg | 3 | 16 | has 8 bits for each value, and the model wants 16",
        "deep_1_of_12_bits.tif | 1 | 16 | has 12 bits for each value, and the model wants 16",
        "bits.tif | 1 | 8 | has a palette or packed pixels, and the model wants 1 band",
        "transparent_palette.png | 4 | 8 | has a palette or packed pixels, and the model wants 4 bands",
      })
  void otherPixelsAreRefusedByName(String name, int bands, int bits, String why) {
    assertThatThrownBy(() -> read(name, bands, bits))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
    Path file = ImageFormatsTest.resource(name);
    ImageSet set = ImageSet.of(List.of(file)).withPixels(new PixelFormat(bands, bits));
    assertThatThrownBy(() -> set.open(file))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
  }

  @Test
  void colorsOfOtherPixelsCanNotChange() {
    MeanPixel deep = new MeanPixel(new PixelFormat(3, 16), List.of(1f, 2f, 3f));
    Augmentation colors = Augmentation.standard().withColors(new ColorJitter(0.5, 0, 0, 0));
    assertThatThrownBy(() -> new CropLoader.Settings(1, 9, colors, 1, deep))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("colours of images with 3 bands of 16 bits can't change");
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
        new LabelledImage(new Image(4, 4, bands, values), new LabelMap(4, 4, new byte[16]));
    MeanPixel mean = new MeanPixel(new PixelFormat(5, 8), List.of(200f, 201f, 202.4f, 203f, 204f));
    Batch upright = new Batch(1, 6, new byte[6 * 6 * bands], new byte[36]);
    new Augmentation(1, 1, false).crop(sample, new SplittableRandom(1), mean, upright, 0);
    Batch turned = new Batch(1, 6, new byte[6 * 6 * bands], new byte[36]);
    new Augmentation(1, 1, false)
        .withRotation(1e-5)
        .crop(sample, new SplittableRandom(1), mean, turned, 0);
    for (Batch batch : List.of(upright, turned)) {
      assertThat(batch.format()).isEqualTo(new PixelFormat(bands, 8));
      for (int i = 0; i < batch.images().length; i++) {
        int x = i / bands % 6;
        int y = i / bands / 6;
        int expected = x < 4 && y < 4 ? 10 * x + i % bands : 200 + i % bands;
        assertThat(Byte.toUnsignedInt(batch.images()[i])).isEqualTo(expected);
      }
    }
  }

  /** Two bands of 16 bits: 10000 x and 10000 x + 7; doubled, each between its neighbours. */
  @Test
  void cropsOf16BitsKeepTheirPrecision() {
    short[] values = new short[4 * 4 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (20_000 * (i / 2 % 4) + 7 * (i % 2));
    }
    LabelledImage sample =
        new LabelledImage(Image.ofShorts(4, 4, 2, values), new LabelMap(4, 4, new byte[16]));
    MeanPixel mean = new MeanPixel(new PixelFormat(2, 16), List.of(40_000.4f, 65_535f));
    // pixel centres at halves: 8 pixels of the crop lie at -0.25, 0.25, 0.75, ... of the source
    int[] across = {0, 5_000, 15_000, 25_000, 35_000, 45_000, 55_000, 60_000};
    for (double angle : new double[] {0, 1e-9}) {
      Batch batch = Batch.black(1, 9, new PixelFormat(2, 16));
      new Augmentation(2, 2, false)
          .withRotation(angle)
          .crop(sample, new SplittableRandom(1), mean, batch, 0);
      Image crop = new Image(9, 9, batch.format(), batch.images());
      for (int i = 0; i < 9 * 9 * 2; i++) {
        int x = i / 2 % 9;
        int y = i / 2 / 9;
        int band = i % 2;
        int padding = band == 0 ? 40_000 : 65_535;
        int expected = x < 8 && y < 8 ? across[x] + 7 * band : padding;
        assertThat(crop.value(i)).as("%d at %d, %d", band, x, y).isEqualTo(expected);
      }
    }
  }

  /** Black is two deviations below the mean, white as many above. */
  @Test
  void valuesOf16BitsAreShownAboutTheirMean() {
    Image image = Image.ofShorts(5, 1, 1, new short[] {0, 1000, 2000, 3000, 8000});
    PixelFormat shown = new PixelFormat(1, 16).showing(List.of(2000f), List.of(500f));
    assertThat(shown.fits(image.format())).isTrue();
    byte[] grey = new Image(5, 1, shown, image.values()).inColors().values();
    assertThat(grey)
        .containsExactly(
            0, 0, 0, 0, 0, 0, (byte) 128, (byte) 128, (byte) 128, -1, -1, -1, -1, -1, -1);
    assertThat(image.inColors().values()[12]).isEqualTo((byte) Math.round(8000f * 255 / 65535));
    assertThat(Thumbnail.of(image, 5).values()).isEqualTo(image.inColors().values());
  }

  @Test
  void threeOfTheBandsAreShown() {
    byte[] five = {1, 2, 3, 4, 5, 11, 12, 13, 14, 15};
    assertThat(new Image(2, 1, 5, five).inColors().values()).containsExactly(1, 2, 3, 11, 12, 13);
    assertThat(new Image(2, 1, 1, Arrays.copyOf(five, 2)).inColors().values())
        .containsExactly(1, 1, 1, 2, 2, 2);
  }

  /** Over all pixels of all images, not the mean of images. */
  @Test
  void statisticsAreOfAllPixels() {
    BandStatistics statistics = new BandStatistics(2);
    assertThat(statistics.means()).containsExactly(Double.NaN, Double.NaN);
    statistics.add(new Image(1, 1, 2, new byte[] {0, (byte) 255}));
    statistics.add(new Image(3, 1, 2, new byte[] {4, 55, 4, 55, 8, 35}));
    assertThat(statistics.pixels()).isEqualTo(4);
    assertThat(statistics.means()).containsExactly(4, 100);
    assertThat(statistics.deviations()[0]).isCloseTo(Math.sqrt(8), within(1e-12));
    assertThat(statistics.deviations()[1]).isCloseTo(Math.sqrt(8075), within(1e-9));
  }

  /** Bright values of 16 bits that hardly differ, which sums in floating point would lose. */
  @Test
  void statisticsOf16BitsAreExact() {
    BandStatistics statistics = new BandStatistics(1);
    short[] values = new short[1 << 20];
    Arrays.fill(values, (short) 65_534);
    values[0] = (short) 65_533;
    values[1] = (short) 65_535;
    statistics.add(Image.ofShorts(1 << 10, 1 << 10, 1, values));
    assertThat(statistics.means()).containsExactly(65_534);
    assertThat(statistics.deviations()[0]).isCloseTo(Math.sqrt(2.0 / (1 << 20)), within(1e-15));
  }
}
