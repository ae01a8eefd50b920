package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.plugins.tiff.TIFFTag;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSetTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private byte red(Image image, int x) {
    return image.values()[3 * x];
  }

  @ParameterizedTest
  @CsvSource({"200, 8", "1000, 10", "1024, 12", "4095, 12", "16000, 14", "16384, 16", "65535, 16"})
  void undeclaredDepthIsTheLeastThatHoldsAllValues(int greatest, int bits) throws IOException {
    Path one = folder.resolve("one.png");
    Path other = folder.resolve("other.png");
    DeepImages.write(one, 128, greatest / 2);
    DeepImages.write(other, greatest);
    ImageSet set = ImageSet.of(List.of(one, other));
    assertThat(red(set.read(one), 0)).isEqualTo((byte) (128 >> (bits - 8)));
    assertThat(red(set.read(one), 1)).isEqualTo((byte) ((greatest / 2) >> (bits - 8)));
    assertThat(red(set.read(other), 0)).isEqualTo((byte) (greatest >> (bits - 8)));
    if (bits == 16) {
      assertThat(set.remarks()).isEmpty();
    } else {
      assertThat(set.remarks())
          .singleElement()
          .asString()
          .contains("2 images", "read as " + bits + " bits", "white at " + ((1 << bits) - 1));
    }
  }

  @Test
  void bitsThatAPngDeclaresCount() throws IOException {
    Path raw = folder.resolve("raw.png"); // stored as the camera gave them
    DeepImages.writeWithBits(raw, 12, 4, 1001, 2047);
    Path stretched = folder.resolve("stretched.png"); // as PNG wants it
    DeepImages.writeWithBits(stretched, 12, 0xffff, 0x8008);
    Path dark = folder.resolve("dark.png"); // stretched, and dark
    DeepImages.writeWithBits(dark, 12, 0x0100, 0x0f00);
    ImageSet set = ImageSet.of(List.of(raw, stretched, dark));
    assertThat(set.remarks()).isEmpty();
    assertThat(red(set.read(raw), 1)).isEqualTo((byte) (1001 >> 4));
    assertThat(red(set.read(stretched), 1)).isEqualTo((byte) 0x80);
    assertThat(red(set.read(dark), 1)).isEqualTo((byte) 0x0f);
  }

  @Test
  void greatestValueThatATiffDeclaresCounts() throws IOException {
    Path file = folder.resolve("deep.tif");
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 600);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(
            ImageTypeSpecifier.createFromRenderedImage(image), writer.getDefaultWriteParam());
    TIFFDirectory tags = TIFFDirectory.createFromMetadata(metadata);
    TIFFTag greatest =
        BaselineTIFFTagSet.getInstance().getTag(BaselineTIFFTagSet.TAG_MAX_SAMPLE_VALUE);
    tags.addTIFFField(new TIFFField(greatest, TIFFTag.TIFF_SHORT, 1, new char[] {4095}));
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(new IIOImage(image, null, tags.getAsMetadata()));
    }
    ImageSet set = ImageSet.of(List.of(file));
    assertThat(set.remarks()).isEmpty();
    assertThat(red(set.read(file), 0)).isEqualTo((byte) (600 >> 4));
  }

  @Test
  void turnsAndPagesAreSaid() {
    List<Path> files =
        List.of(
            ImageFormatsTest.resource("orientation_6.jpg"),
            ImageFormatsTest.resource("orientation_3.png"),
            ImageFormatsTest.resource("orientation_1.jpg"),
            ImageFormatsTest.resource("pages.tif"),
            ImageFormatsTest.resource("plain.jpg"));
    assertThat(ImageSet.of(files).remarks())
        .satisfiesExactly(
            turned -> assertThat(turned).contains("EXIF", "2 images", "orientation_6.jpg"),
            pages -> assertThat(pages).contains("first of several pages", "1 image", "pages.tif"));
  }

  @Test
  void unreadableFileIsAnErrorWhenItIsRead() throws IOException {
    Path text = Files.writeString(folder.resolve("a.jpg"), "text");
    ImageSet set = ImageSet.of(List.of(text));
    assertThat(set.remarks()).isEmpty();
    assertThatThrownBy(() -> set.read(text))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("a.jpg");
  }
}
