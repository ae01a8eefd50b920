package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path png(BufferedImage image) throws IOException {
    Path file = folder.resolve("image.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  @Test
  void rgbRoundTripLeavesNoOtherFile() throws IOException {
    byte[] rgb = {1, 2, 3, (byte) 200, 100, 50};
    Path file = folder.resolve("made/on/demand.png");
    new Image(2, 1, rgb).write(file);
    Image read = Image.read(file);
    assertThat(read.width()).isEqualTo(2);
    assertThat(read.height()).isEqualTo(1);
    assertThat(read.values()).containsExactly(rgb);
    try (Stream<Path> files = Files.list(folder.resolve("made/on"))) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void greyValuesAreNotBrightened() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setDataElements(0, 0, 2, 1, new byte[] {60, (byte) 180});
    assertThat(Image.read(png(grey)).values())
        .containsExactly(60, 60, 60, (byte) 180, (byte) 180, (byte) 180);
  }

  @Test
  void sixteenBitGreyLosesItsLowByte() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 0x3cff);
    grey.getRaster().setSample(1, 0, 0, 0xffff);
    assertThat(Image.read(png(grey)).values()).startsWith(0x3c, 0x3c, 0x3c, (byte) 0xff);
  }

  @Test
  void alphaIsDroppedAndPaletteLookedUp() throws IOException {
    BufferedImage alpha = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    alpha.setRGB(0, 0, 0x400a141e);
    assertThat(Image.read(png(alpha)).values()).containsExactly(10, 20, 30);

    IndexColorModel colors = new IndexColorModel(8, 2, new int[] {0, 0x0a141e}, 0, false, -1, 0);
    BufferedImage indexed = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED, colors);
    indexed.getRaster().setSample(0, 0, 0, 1);
    assertThat(Image.read(png(indexed)).values()).containsExactly(10, 20, 30);
  }

  @Test
  void jpegIsReadRedFirst() throws IOException {
    BufferedImage red = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      red.setRGB(i % 16, i / 16, 0xff0000);
    }
    Path file = folder.resolve("red.jpg");
    ImageIO.write(red, "jpg", file.toFile());
    byte[] rgb = Image.read(file).values();
    assertThat(Byte.toUnsignedInt(rgb[0])).isGreaterThan(245);
    assertThat(Byte.toUnsignedInt(rgb[1])).isLessThan(10);
    assertThat(Byte.toUnsignedInt(rgb[2])).isLessThan(10);
  }

  @Test
  void missingDamagedAndCutOffFilesAreNamed() throws IOException {
    Path missing = folder.resolve("missing.jpg");
    assertThatThrownBy(() -> Image.read(missing))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("missing.jpg doesn't exist");

    Path text = Files.writeString(folder.resolve("text.jpg"), "not an image");
    assertThatThrownBy(() -> Image.read(text))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("text.jpg can't be read: it is of no known image format", "save");

    for (String format : new String[] {"jpg", "png"}) {
      Path cut = folder.resolve("cut." + format);
      BufferedImage noise = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 64 * 64; i++) {
        noise.setRGB(i % 64, i / 64, i * 7919 * 7919);
      }
      ImageIO.write(noise, format, cut.toFile());
      byte[] bytes = Files.readAllBytes(cut);
      Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
      assertThatThrownBy(() -> Image.read(cut))
          .isInstanceOf(AtrousException.class)
          .hasMessageContainingAll("cut." + format, "can't be read: it ", "save it anew");
    }
  }

  @Test
  void fileThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "").resolve("mask.png");
    assertThatThrownBy(() -> new LabelMap(1, 1, new byte[1]).write(file))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("mask.png", "could not be written", "Check the folder");
  }

  @Test
  void labelsRoundTripInVocColours() throws IOException {
    byte[] labels = new byte[256];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) i;
    }
    Path file = folder.resolve("mask.png");
    new LabelMap(16, 16, labels).write(file);
    LabelMap read = LabelMap.read(file);
    assertThat(read.labels()).containsExactly(labels);
    assertThat(read.label(15, 15)).isEqualTo(255);
    BufferedImage colors = ImageIO.read(file.toFile());
    assertThat(colors.getRGB(1, 0) & 0xffffff).isEqualTo(0x800000);
    assertThat(colors.getRGB(15, 15) & 0xffffff).isEqualTo(0xe0e0c0);
  }

  @Test
  void paletteIsThatOfVoc() {
    int[] first = {0, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080, 0x008080, 0x808080};
    for (int label = 0; label < first.length; label++) {
      assertThat(Palette.rgb(label)).isEqualTo(first[label]);
    }
    assertThat(Palette.rgb(15)).isEqualTo(0xc08080); // person
    assertThat(Palette.rgb(20)).isEqualTo(0x004080); // TV monitor
    assertThat(Palette.rgb(255)).isEqualTo(0xe0e0c0);
    assertThatThrownBy(() -> Palette.rgb(256)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void greyMaskHoldsLabelsEvenInFewBits() throws IOException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setDataElements(0, 0, 3, 1, new byte[] {0, 5, (byte) 255});
    assertThat(LabelMap.read(png(grey)).labels()).containsExactly(0, 5, (byte) 255);

    BufferedImage bits = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
    bits.getRaster().setSample(1, 0, 0, 1);
    assertThat(LabelMap.read(png(bits)).labels()).containsExactly(0, 1, 0);
  }

  @Test
  void overlayBlendsRegionsAndDrawsTheirOutline() {
    byte[] rgb = new byte[5 * 5 * 3];
    Arrays.fill(rgb, (byte) 100);
    byte[] labels = new byte[25];
    for (int y = 1; y < 4; y++) {
      Arrays.fill(labels, 5 * y + 1, 5 * y + 4, (byte) 1);
    }
    byte[] over = Overlay.of(new Image(5, 5, rgb), new LabelMap(5, 5, labels)).values();
    assertThat(Arrays.copyOfRange(over, 0, 3)).containsExactly(100, 100, 100);
    assertThat(Arrays.copyOfRange(over, 18, 21)).containsExactly((byte) 128, 0, 0);
    assertThat(Arrays.copyOfRange(over, 36, 39)).containsExactly(114, 50, 50);
    assertThat(rgb[18]).isEqualTo((byte) 100);
    assertThatThrownBy(() -> Overlay.of(new Image(5, 5, rgb), new LabelMap(1, 1, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
