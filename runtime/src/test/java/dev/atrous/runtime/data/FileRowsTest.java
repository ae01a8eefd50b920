package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Images in strips are to the bit what they are as a whole. */
class FileRowsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  static Stream<String> files() throws IOException {
    return ImageFormatsTest.expected().map(line -> line.split(" ", 2)[0]);
  }

  private static void assertSame(ImageRows rows, Image whole, int count) {
    assertThat(rows.width()).isEqualTo(whole.width());
    assertThat(rows.height()).isEqualTo(whole.height());
    for (int top = 0; top < whole.height(); top += count) {
      int strip = Math.min(count, whole.height() - top);
      assertThat(rows.rows(top, strip).values()).isEqualTo(whole.rows(top, strip).values());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKindOfFile(String name) {
    Path file = ImageFormatsTest.resource(name);
    ImageSet set = ImageSet.of(List.of(file));
    Image whole = set.read(file);
    assertSame(set.open(file), whole, whole.height());
    for (int count : new int[] {1, 5, 17}) {
      assertSame(set.rows(file).inStripsOf(count), whole, count);
    }
    FileRows back = set.rows(file).inStripsOf(1);
    for (int top = whole.height() - 2; top >= 0; top -= 3) {
      assertThat(back.rows(top, 2).values()).isEqualTo(whole.rows(top, 2).values());
    }
  }

  /** The bits that are used are those of the image, not of a strip. */
  @ParameterizedTest
  @CsvSource({"0,16", "10,10", "12,12"})
  void deepValues(int significant, int bits) throws IOException {
    Path file = folder.resolve("deep.png");
    BufferedImage image = new BufferedImage(3, 40, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < 40; y++) {
      image.getRaster().setSample(y % 3, y, 0, (y + 1) * ((1 << bits) - 1) / 40);
    }
    ImageIO.write(image, "png", file.toFile());
    if (significant > 0) {
      DeepImages.insertChunk(file, "sBIT", (byte) significant);
    }
    ImageSet set = ImageSet.of(List.of(file));
    assertSame(set.rows(file).inStripsOf(4), set.read(file), 4);
    assertThat(set.read(file).rows(39, 1).values()).contains((byte) 255);
  }

  @ParameterizedTest
  @CsvSource({"0", "64", "7"})
  void tiffInTilesAndStrips(int tile) throws IOException {
    BufferedImage image = new BufferedImage(150, 131, BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = new byte[3 * 150 * 131];
    new Random(1).nextBytes(pixels);
    image.getRaster().setDataElements(0, 0, 150, 131, pixels);
    Path file = folder.resolve("image.tif");
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (tile > 0) {
        how.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
        how.setTiling(16 * ((tile + 15) / 16), 16 * ((tile + 15) / 16), 0, 0);
      }
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    FileRows rows = ImageSet.of(List.of(file)).rows(file).inStripsOf(10);
    assertSame(rows, new Image(150, 131, pixels), 20);
  }

  @Test
  void aDamagedFileIsAnErrorOfItsStrips() throws IOException {
    byte[] jpeg = Files.readAllBytes(ImageFormatsTest.resource("plain.jpg"));
    Path cut = folder.resolve("cut.jpg");
    Files.write(cut, Arrays.copyOf(jpeg, jpeg.length * 2 / 3));
    FileRows rows = ImageSet.of(List.of(cut)).rows(cut).inStripsOf(1);
    assertThatThrownBy(() -> assertSame(rows, rows.rows(0, rows.height()), 1))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(cut + " can't be read: it is cut off or damaged");
  }
}
