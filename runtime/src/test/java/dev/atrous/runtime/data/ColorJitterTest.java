package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ColorJitterTest {
  /** Two rows of four pixels. */
  private static final int[] PIXELS = {
    255, 0, 0, 12, 200, 90, 130, 131, 129, 250, 240, 10, //
    7, 3, 66, 90, 90, 90, 200, 40, 180, 0, 255, 255
  };

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** The pixels in the lower right of a crop of 4, whose upper half is padding. */
  private static byte[] changed(Consumer<ColorJitter.Crop> change) {
    byte[] rgb = new byte[3 * 16];
    System.arraycopy(bytes(PIXELS), 0, rgb, 24, 24);
    Region region = new Region(new int[4], new int[] {0, 0, 4, 4});
    change.accept(new ColorJitter.Crop(rgb, 0, region));
    assertThat(Arrays.copyOf(rgb, 24)).containsOnly(0);
    return Arrays.copyOfRange(rgb, 24, 48);
  }

  private static void assertClose(byte[] actual, int... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i] & 0xff).as("value %d", i).isCloseTo(expected[i], within(1));
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  /** The expected values of this class are torchvision 0.28's, of {@code v2.functional}. */
  @Test
  void brightnessIsTorchvisions() {
    assertClose(
        changed(crop -> crop.replace(ColorJitter.table(0.7f, 0))),
        178,
        0,
        0,
        8,
        140,
        63,
        91,
        91,
        90,
        175,
        168,
        7, //
        4,
        2,
        46,
        63,
        63,
        63,
        140,
        28,
        126,
        0,
        178,
        178);
    assertClose(
        changed(crop -> crop.replace(ColorJitter.table(1.3f, 0))),
        255,
        0,
        0,
        15,
        255,
        116,
        169,
        170,
        167,
        255,
        255,
        13, //
        9,
        3,
        85,
        116,
        116,
        116,
        255,
        52,
        233,
        0,
        255,
        255);
  }

  @Test
  void contrastIsTorchvisions() {
    assertClose(
        changed(crop -> crop.replace(ColorJitter.table(0.6f, crop.meanGrey()))),
        199,
        46,
        46,
        53,
        166,
        100,
        124,
        125,
        124,
        196,
        190,
        52, //
        50,
        48,
        86,
        100,
        100,
        100,
        166,
        70,
        154,
        46,
        199,
        199);
    assertClose(
        changed(crop -> crop.replace(ColorJitter.table(1.4f, crop.meanGrey()))),
        255,
        0,
        0,
        0,
        233,
        79,
        135,
        136,
        133,
        255,
        255,
        0, //
        0,
        0,
        45,
        79,
        79,
        79,
        233,
        9,
        205,
        0,
        255,
        255);
  }

  @Test
  void saturationIsTorchvisions() {
    assertClose(
        changed(crop -> crop.saturate(0.3f)),
        129,
        53,
        53,
        95,
        151,
        118,
        130,
        130,
        129,
        226,
        223,
        154, //
        9,
        8,
        27,
        89,
        89,
        89,
        132,
        84,
        126,
        124,
        201,
        201);
    assertClose(
        changed(crop -> crop.saturate(1.5f)),
        255,
        0,
        0,
        0,
        234,
        69,
        130,
        131,
        128,
        255,
        252,
        0, //
        5,
        0,
        93,
        90,
        90,
        90,
        248,
        8,
        218,
        0,
        255,
        255);
  }

  @Test
  void hueIsTorchvisions() {
    assertClose(
        changed(crop -> crop.turnHue(0.1f)),
        255,
        153,
        0,
        12,
        197,
        200,
        129,
        131,
        129,
        116,
        250,
        10, //
        44,
        3,
        66,
        90,
        90,
        90,
        200,
        40,
        84,
        0,
        102,
        255);
    assertClose(
        changed(crop -> crop.turnHue(-0.3f)),
        51,
        0,
        255,
        200,
        128,
        12,
        131,
        129,
        130,
        250,
        10,
        212, //
        3,
        66,
        19,
        90,
        90,
        90,
        40,
        148,
        200,
        204,
        255,
        0);
    assertClose(
        changed(crop -> crop.turnHue(0.5f)),
        0,
        255,
        255,
        200,
        12,
        122,
        130,
        129,
        131,
        10,
        20,
        250, //
        62,
        66,
        3,
        90,
        90,
        90,
        40,
        200,
        60,
        255,
        0,
        0);
  }

  /** All 16.7 million colours would take long; every third value is enough for all sectors. */
  @Test
  void noTurnOfTheHueChangesNothing() {
    for (float turn : new float[] {0, 1}) {
      for (int red = 0; red < 256; red += 3) {
        byte[] rgb = new byte[3 * 86 * 86];
        for (int i = 0; i < 86 * 86; i++) {
          rgb[3 * i] = (byte) red;
          rgb[3 * i + 1] = (byte) (3 * (i % 86));
          rgb[3 * i + 2] = (byte) (3 * (i / 86));
        }
        byte[] turned = rgb.clone();
        int[] to = new int[86];
        Arrays.fill(to, 86);
        new ColorJitter.Crop(turned, 0, new Region(new int[86], to)).turnHue(turn);
        for (int i = 0; i < rgb.length; i++) {
          assertThat(Math.abs((turned[i] & 0xff) - (rgb[i] & 0xff))).isLessThanOrEqualTo(1);
        }
      }
    }
  }

  @Test
  void changesComeInEveryOrder() {
    Set<String> results = new HashSet<>();
    for (int seed = 0; seed < 300; seed++) {
      byte[] rgb = bytes(PIXELS);
      int[] full = {4, 4, 0, 0};
      new ColorJitter(0.5, 0.5, 0.5, 0.2)
          .apply(new SplittableRandom(seed), rgb, 0, new Region(new int[4], full));
      results.add(Arrays.toString(rgb));
    }
    assertThat(results).hasSizeGreaterThan(295);
  }

  @Test
  void factorsAreOfTheirRangeAndReachIt() {
    int least = 255;
    int greatest = 0;
    for (int seed = 0; seed < 500; seed++) {
      byte[] rgb = bytes(100, 100, 100);
      Region pixel = new Region(new int[1], new int[] {1});
      new ColorJitter(0.4, 0, 0, 0).apply(new SplittableRandom(seed), rgb, 0, pixel);
      least = Math.min(least, rgb[0] & 0xff);
      greatest = Math.max(greatest, rgb[0] & 0xff);
    }
    assertThat(least).isBetween(60, 62);
    assertThat(greatest).isBetween(138, 140);
  }

  @Test
  void refusesRangesThatAreNone() {
    assertThatThrownBy(() -> new ColorJitter(-1, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("brightness of -1.0");
    assertThatThrownBy(() -> new ColorJitter(0, Double.NaN, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ColorJitter(0, 0, Double.POSITIVE_INFINITY, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ColorJitter(0, 0, 0, 0.6))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
