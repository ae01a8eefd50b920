package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut, changed, or something else than an image. */
class DamagedImagesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] resource(String name) throws IOException {
    return Files.readAllBytes(ImageFormatsTest.resource(name));
  }

  private static void refused(Path file, String... words) {
    assertThatThrownBy(() -> Image.read(file))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain.jpg", "subsampled.jpg", "grey.jpg", "cmyk_ycck.jpg", "progressive.jpg"})
  void jpegWithoutEndMarkerAloneIsComplete(String name) throws IOException {
    byte[] whole = resource(name);
    byte[] expected = Image.read(ImageFormatsTest.resource(name)).values();
    for (int missing = 1; missing <= 2; missing++) {
      Path cut = file(name, Arrays.copyOf(whole, whole.length - missing));
      assertThat(Image.read(cut).values()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.jpg",
        "progressive.jpg",
        "restart_markers.jpg",
        "cmyk_adobe.jpg",
        "alpha.png",
        "animated.gif",
        "cmyk.tif"
      })
  void cutFilesAreRefused(String name) throws IOException {
    byte[] whole = resource(name);
    byte[] cut = Arrays.copyOf(whole, whole.length * 3 / 4);
    refused(file(name, cut), "can't be read");
    byte[] ended = Arrays.copyOf(cut, cut.length + 2);
    ended[cut.length] = (byte) 0xff;
    ended[cut.length + 1] = (byte) 0xd9;
    refused(file(name, ended), "can't be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.jpg", "subsampled.jpg", "grey.jpg", "progressive.jpg"})
  void aCutIsSeenWhereverItIs(String name) throws IOException {
    byte[] whole = resource(name);
    for (int length = 0; length < whole.length - 16; length++) {
      refused(file(name, Arrays.copyOf(whole, length)), "can't be read: it ");
    }
  }

  @Test
  void progressiveJpegWithoutItsLastScansIsRefused() throws IOException {
    byte[] whole = resource("progressive.jpg");
    int scans = 0;
    for (int i = 0; i < whole.length - 1; i++) {
      if (whole[i] == (byte) 0xff && whole[i + 1] == (byte) 0xda && scans++ > 0) {
        refused(file("a.jpg", Arrays.copyOf(whole, i)), "cut off");
      }
    }
    assertThat(scans).isEqualTo(10);
  }

  @Test
  void whatFollowsTheImageIsIgnored() throws IOException {
    byte[] whole = resource("plain.jpg");
    assertThat(Image.read(file("a.jpg", Arrays.copyOf(whole, whole.length + 100))).values())
        .isEqualTo(Image.read(ImageFormatsTest.resource("plain.jpg")).values());
  }

  @Test
  void damagedExifSaysNothing() throws IOException {
    byte[] image = resource("orientation_6.jpg");
    assertThat(Image.read(file("a.jpg", image)).width()).isEqualTo(24);
    Arrays.fill(image, 30, 50, (byte) 0xee);
    assertThat(Image.read(file("a.jpg", image)).width()).isEqualTo(32);
  }

  @ParameterizedTest
  @CsvSource({
    "'', empty",
    "'RIFF\1\1\1\1WEBPVP8 ', a WebP image",
    "'<!DOCTYPE html><html>', a page of HTML",
    "'  <HTML>', a page of HTML",
    "'version https://git-lfs.github.com/spec/v1', a pointer of Git LFS",
    "'\0\0\0\30ftypheic', a HEIF image",
    "'\0\0\0\30ftypavif', an AVIF image",
    "'%PDF-1.7', a PDF document",
    "'\0\0\0\0\0\0\0\0', zeros alone",
    "'hello', of no known image format",
  })
  void otherFilesAreNamedForWhatTheyAre(String content, String kind) throws IOException {
    refused(
        file("a.jpg", content.getBytes(StandardCharsets.ISO_8859_1)),
        "can't be read: it is " + kind);
  }

  @Test
  void hugeImageFailsByItsSize() throws IOException {
    BufferedImage small = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_BINARY);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(small, "bmp", out);
    byte[] bmp = out.toByteArray();
    for (int at : new int[] {18, 22}) { // width and height, 30000
      bmp[at] = 0x30;
      bmp[at + 1] = 0x75;
    }
    refused(file("huge.bmp", bmp), "30000x30000 pixels, more than 715 million", "Cut it");
  }

  @Test
  void numbersThatAreNoBrightnessAreRefused() throws IOException {
    refused(file("lab.tif", tiff(3, 8, 8, 1)), "CIE Lab");
    refused(file("float.tif", tiff(1, 32, 1, 3)), "floating-point");
    refused(file("signed.tif", tiff(1, 16, 1, 2)), "signed");
    refused(file("deep.tif", tiff(1, 32, 1, 1)), "32 bits");
  }

  /** A TIFF of 4 x 4 pixels. */
  private static byte[] tiff(int channels, int bits, int photometric, int format) {
    int bytes = 16 * channels * bits / 8;
    java.nio.ByteBuffer out =
        java.nio.ByteBuffer.allocate(8 + bytes + 200).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x002a4949).putInt(8 + bytes).position(8 + bytes);
    int[][] tags = {
      {256, 4},
      {257, 4},
      {258, bits},
      {259, 1},
      {262, photometric},
      {273, 8},
      {277, channels},
      {278, 4},
      {279, bytes},
      {339, format}
    };
    out.putShort((short) tags.length);
    for (int[] tag : tags) {
      out.putShort((short) tag[0]).putShort((short) 3).putInt(1).putInt(tag[1]);
    }
    return out.array();
  }
}
