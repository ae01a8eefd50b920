package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for a mask, and what is told about the rest. */
class MaskFilesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path written(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("mask." + format);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    return file;
  }

  private void refused(Path file, String... words) {
    assertThatThrownBy(() -> LabelMap.read(file))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining(file.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "tif", "bmp", "gif"})
  void greyValuesAreLabelsInEveryFormat(String format) throws IOException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setDataElements(0, 0, 3, 1, new byte[] {0, 1, 2});
    assertThat(LabelMap.read(written(grey, format)).labels()).containsExactly(0, 1, 2);
  }

  @Test
  void alphaBesideGreyIsIgnored() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            ComponentColorModel.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setDataElements(0, 0, 2, 1, new byte[] {3, 0, 7, (byte) 255});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThat(LabelMap.read(written(image, "png")).labels()).containsExactly(3, 7);
  }

  @Test
  void equalRedGreenAndBlueAreGrey() throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB}) {
      BufferedImage image = new BufferedImage(2, 1, type);
      image.setRGB(0, 0, 0xff050505);
      image.setRGB(1, 0, 0xffffffff);
      assertThat(LabelMap.read(written(image, "png")).labels()).containsExactly(5, (byte) 255);
    }
  }

  @Test
  void smallValuesOfSixteenBitsAreLabels() throws IOException {
    Path file = folder.resolve("mask.png");
    DeepImages.write(file, 0, 20, 255);
    assertThat(LabelMap.read(file).labels()).containsExactly(0, 20, (byte) 255);
    DeepImages.write(file, 0, 1000);
    refused(file, "label 1000 at x=1, y=0", "of 16 bits", "numbers of objects");
  }

  @Test
  void coloursAreCountedAndShown() throws IOException {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x800000);
    image.setRGB(1, 0, 0x008000);
    refused(
        written(image, "png"),
        "3 colours in place of class numbers: #000000, #008000, #800000.",
        "'#804080 = 0'",
        "--labels");
  }

  @Test
  void photosAreNotMasks() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, i * 977);
    }
    refused(written(image, "png"), "more than 1000 colours", "photo");
  }

  @Test
  void jpegMasksAreLost() throws IOException {
    refused(
        written(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "jpg"),
        "is a JPEG, which changes values",
        "Make it anew");
  }

  @Test
  void inksAreNoLabels() {
    refused(ImageFormatsTest.resource("cmyk.tif"), "a kind that is not read");
  }

  @Test
  void masksOfSeveralPagesAreRefused() {
    refused(ImageFormatsTest.resource("animated.gif"), "2 pages");
  }

  @Test
  void masksAreTurnedToo() {
    LabelMap upright = LabelMap.read(ImageFormatsTest.resource("mask.png"));
    LabelMap turned = LabelMap.read(ImageFormatsTest.resource("mask_orientation_6.png"));
    assertThat(turned.width()).isEqualTo(upright.height());
    assertThat(turned.label(23, 0)).isEqualTo(upright.label(0, 0)).isEqualTo(1);
    assertThat(turned.label(0, 0)).isEqualTo(upright.label(0, 23)).isEqualTo(0);
  }
}
