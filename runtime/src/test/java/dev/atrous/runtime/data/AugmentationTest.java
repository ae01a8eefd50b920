package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final Augmentation COPY = new Augmentation(1, 1, false);
  private static final Augmentation COPY_OR_MIRROR = new Augmentation(1, 1, true);

  /** Red is 10 x, green is 10 y, the label is x + y. */
  private static LabelledImage ramp(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      rgb[3 * i] = (byte) (10 * (i % width));
      rgb[3 * i + 1] = (byte) (10 * (i / width));
      labels[i] = (byte) (i % width + i / width);
    }
    return new LabelledImage(new RgbImage(width, height, rgb), new LabelMap(width, height, labels));
  }

  private static Batch crop(Augmentation augmentation, LabelledImage sample, int side, long seed) {
    Batch batch = new Batch(1, side, new byte[3 * side * side], new byte[side * side]);
    augmentation.crop(sample, new SplittableRandom(seed), batch, 0);
    return batch;
  }

  private static int red(Batch batch, int x, int y) {
    return Byte.toUnsignedInt(batch.images()[3 * (y * batch.crop() + x)]);
  }

  private static int label(Batch batch, int x, int y) {
    return Byte.toUnsignedInt(batch.labels()[y * batch.crop() + x]);
  }

  @Test
  void scaleOneCopies() {
    LabelledImage sample = ramp(6, 6);
    Batch batch = crop(COPY, sample, 6, 1);
    assertThat(batch.images()).containsExactly(sample.image().rgb());
    assertThat(batch.labels()).containsExactly(sample.labels().labels());
  }

  @Test
  void cropIsAWindowAndEveryWindowOccurs() {
    LabelledImage sample = ramp(5, 4);
    boolean[] seen = new boolean[6];
    for (int seed = 0; seed < 200; seed++) {
      Batch batch = crop(COPY, sample, 3, seed);
      int left = red(batch, 0, 0) / 10;
      int top = batch.images()[1] / 10;
      seen[top * 3 + left] = true;
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
          assertThat(red(batch, x, y)).isEqualTo(10 * (left + x));
          assertThat(label(batch, x, y)).isEqualTo(left + x + top + y);
        }
      }
    }
    assertThat(seen).containsOnly(true);
  }

  @Test
  void halfOfTheCropsAreMirrored() {
    LabelledImage sample = ramp(4, 4);
    Batch copy = crop(COPY, sample, 4, 0);
    int mirrored = 0;
    for (int seed = 0; seed < 400; seed++) {
      Batch batch = crop(COPY_OR_MIRROR, sample, 4, seed);
      if (Arrays.equals(batch.images(), copy.images())) {
        assertThat(batch.labels()).containsExactly(copy.labels());
        continue;
      }
      mirrored++;
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          assertThat(red(batch, x, y)).isEqualTo(red(copy, 3 - x, y));
          assertThat(label(batch, x, y)).isEqualTo(label(copy, 3 - x, y));
        }
      }
    }
    assertThat(mirrored).isBetween(150, 250);
  }

  @Test
  void smallImageIsPaddedWithTheMeanAndVoid() {
    for (int seed = 0; seed < 20; seed++) {
      Batch batch = crop(COPY_OR_MIRROR, ramp(2, 3), 5, seed);
      int from = label(batch, 0, 0) == 255 ? 3 : 0; // mirrored: padded at the left
      for (int y = 0; y < 5; y++) {
        for (int x = 0; x < 5; x++) {
          boolean inside = x >= from && x < from + 2 && y < 3;
          int at = 3 * (5 * y + x);
          assertThat(label(batch, x, y) == 255).isEqualTo(!inside);
          if (!inside) {
            assertThat(Arrays.copyOfRange(batch.images(), at, at + 3))
                .containsExactly(124, 116, 104);
          }
        }
      }
    }
  }

  @Test
  void doubledImageInterpolatesBetweenPixelCentres() {
    LabelledImage sample = ramp(2, 1);
    Batch batch = crop(new Augmentation(2, 2, false), sample, 4, 1);
    // centres of the four pixels lie at -0.25, 0.25, 0.75 and 1.25 of the source
    assertThat(new int[] {red(batch, 0, 0), red(batch, 1, 0), red(batch, 2, 0), red(batch, 3, 0)})
        .containsExactly(0, 3, 8, 10);
    assertThat(Arrays.copyOf(batch.labels(), 4)).containsExactly(0, 0, 1, 1);
  }

  @Test
  void halvedImageAveragesPairs() {
    Batch batch = crop(new Augmentation(0.5, 0.5, false), ramp(4, 4), 2, 1);
    assertThat(red(batch, 0, 0)).isEqualTo(5);
    assertThat(red(batch, 1, 1)).isEqualTo(25);
  }

  @Test
  void labelsStayOnTheirPixelsAtEveryScale() {
    int side = 40;
    byte[] rgb = new byte[3 * side * side];
    byte[] labels = new byte[side * side];
    for (int i = 0; i < labels.length; i++) { // red = 6 x, label = x / 4
      rgb[3 * i] = (byte) (6 * (i % side));
      labels[i] = (byte) (i % side / 4);
    }
    LabelledImage sample =
        new LabelledImage(new RgbImage(side, side, rgb), new LabelMap(side, side, labels));
    for (int seed = 0; seed < 100; seed++) {
      Batch batch = crop(Augmentation.standard(), sample, 33, seed);
      for (int y = 0; y < 33; y++) {
        for (int x = 0; x < 33; x++) {
          if (label(batch, x, y) != 255) {
            double source = red(batch, x, y) / 6.0; // column
            assertThat(source).isCloseTo(4 * label(batch, x, y) + 1.5, within(2.1));
          }
        }
      }
    }
  }

  @Test
  void refusesScalesThatAreNone() {
    assertThatThrownBy(() -> new Augmentation(0, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Augmentation(2, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Augmentation(Double.NaN, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
