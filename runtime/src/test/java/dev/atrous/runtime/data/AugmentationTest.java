package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
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
    return new LabelledImage(new Image(width, height, rgb), new LabelMap(width, height, labels));
  }

  private static Batch crop(Augmentation augmentation, LabelledImage sample, int side, long seed) {
    Batch batch = new Batch(1, side, new byte[3 * side * side], new byte[side * side]);
    augmentation.crop(sample, new SplittableRandom(seed), MeanPixel.IMAGENET, batch, 0);
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
    assertThat(batch.images()).containsExactly(sample.image().values());
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
        new LabelledImage(new Image(side, side, rgb), new LabelMap(side, side, labels));
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

  /** The checksum is that of crops before there was more than the paper's augmentation. */
  @Test
  void papersCropsAreWhatTheyAlwaysWere() {
    Random random = new Random(7);
    byte[] rgb = new byte[3 * 47 * 31];
    byte[] labels = new byte[47 * 31];
    random.nextBytes(rgb);
    random.nextBytes(labels);
    LabelledImage sample = new LabelledImage(new Image(47, 31, rgb), new LabelMap(47, 31, labels));
    CRC32 checksum = new CRC32();
    for (int seed = 0; seed < 50; seed++) {
      Batch batch = new Batch(2, 33, new byte[2 * 3 * 33 * 33], new byte[2 * 33 * 33]);
      Augmentation.standard()
          .crop(sample, new SplittableRandom(seed), MeanPixel.IMAGENET, batch, seed % 2);
      checksum.update(batch.images());
      checksum.update(batch.labels());
    }
    assertThat(checksum.getValue()).isEqualTo(0xb8792dadL);
  }

  @Test
  void oneSwitchLeavesTheOthersWhatTheyWere() {
    LabelledImage sample = ramp(9, 8);
    Augmentation upsideDown = Augmentation.standard().withVerticalFlip(true);
    for (int seed = 0; seed < 50; seed++) {
      Batch plain = crop(Augmentation.standard(), sample, 20, seed);
      Batch flipped = crop(upsideDown, sample, 20, seed);
      Batch bright = crop(upsideDown.withColors(new ColorJitter(0.5, 0, 0, 0)), sample, 20, seed);
      assertThat(bright.labels()).containsExactly(flipped.labels());
      byte[] turnedOver = plain.labels().clone();
      for (int y = 0; y < 20; y++) {
        System.arraycopy(plain.labels(), 20 * y, turnedOver, 20 * (19 - y), 20);
      }
      assertThat(flipped.labels()).isIn(plain.labels(), turnedOver);
    }
  }

  @Test
  void halfOfTheCropsAreUpsideDown() {
    LabelledImage sample = ramp(4, 4);
    int upsideDown = 0;
    for (int seed = 0; seed < 400; seed++) {
      Batch batch = crop(COPY.withVerticalFlip(true), sample, 4, seed);
      boolean is = label(batch, 0, 0) == 3;
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 4; x++) {
          assertThat(label(batch, x, y)).isEqualTo(x + (is ? 3 - y : y));
          assertThat(red(batch, x, y)).isEqualTo(10 * x);
        }
      }
      upsideDown += is ? 1 : 0;
    }
    assertThat(upsideDown).isBetween(150, 250);
  }

  /** A quarter turn takes pixels to pixels, so that its values are known. */
  @Test
  void quarterTurnIsExact() {
    LabelledImage sample = ramp(4, 4);
    Turn.Side side = new Turn.Side(4, 4, 0, 4, false);
    Batch batch = new Batch(1, 4, new byte[48], new byte[16]);
    Region region = new Turn(sample, side, side, Math.PI / 2).crop(MeanPixel.IMAGENET, batch, 0);
    assertThat(region.from()).containsOnly(0);
    assertThat(region.to()).containsOnly(4);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) { // counterclockwise: the right column becomes the upper row
        assertThat(red(batch, x, y)).isEqualTo(10 * (3 - y));
        assertThat(batch.images()[3 * (4 * y + x) + 1]).isEqualTo((byte) (10 * x));
        assertThat(label(batch, x, y)).isEqualTo(3 - y + x);
      }
    }
  }

  @Test
  void turnByAlmostNothingIsTheUprightCrop() {
    LabelledImage sample = ramp(9, 7);
    for (boolean flip : new boolean[] {false, true}) {
      for (int seed = 0; seed < 50; seed++) {
        Augmentation upright = new Augmentation(0.5, 2, flip).withVerticalFlip(flip);
        Batch expected = crop(upright, sample, 8, seed);
        Batch turned = crop(upright.withRotation(1e-5), sample, 8, seed);
        assertThat(turned.labels()).containsExactly(expected.labels());
        for (int i = 0; i < turned.images().length; i++) {
          assertThat(turned.images()[i] & 0xff).isCloseTo(expected.images()[i] & 0xff, within(1));
        }
      }
    }
  }

  /** Red is 6 x, the label is x / 4: they stay together, and no label is one in between. */
  @Test
  void labelsAreNeverInterpolatedAndStayOnTheirPixels() {
    int side = 40;
    byte[] rgb = new byte[3 * side * side];
    byte[] labels = new byte[side * side];
    for (int i = 0; i < labels.length; i++) {
      rgb[3 * i] = (byte) (6 * (i % side));
      labels[i] = (byte) (i % side / 4 * 20);
    }
    LabelledImage sample =
        new LabelledImage(new Image(side, side, rgb), new LabelMap(side, side, labels));
    Augmentation all = Augmentation.standard().withVerticalFlip(true).withRotation(180);
    int outside = 0;
    for (int seed = 0; seed < 100; seed++) {
      Batch batch = crop(all, sample, 33, seed);
      for (int y = 0; y < 33; y++) {
        for (int x = 0; x < 33; x++) {
          int at = 3 * (33 * y + x);
          if (label(batch, x, y) == 255) {
            outside++;
            assertThat(Arrays.copyOfRange(batch.images(), at, at + 3))
                .containsExactly(124, 116, 104);
          } else {
            assertThat(label(batch, x, y) % 20).isZero();
            double source = red(batch, x, y) / 6.0; // column
            assertThat(source).isCloseTo(label(batch, x, y) / 5.0 + 1.5, within(2.1));
          }
        }
      }
    }
    assertThat(outside).isBetween(5_000, 50_000);
  }

  @Test
  void refusesAnglesThatAreNone() {
    for (double angle : new double[] {-1, 181, Double.NaN}) {
      assertThatThrownBy(() -> COPY.withRotation(angle))
          .isInstanceOf(IllegalArgumentException.class);
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
