package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small pictures, errors, colours of one's own, probabilities. */
@NullUnmarked // JUnit sets the directory
class ReportPicturesTest {
  @TempDir Path directory;

  private static Image grey(int width, int height, int... values) {
    byte[] rgb = new byte[3 * values.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i / 3];
    }
    return new Image(width, height, rgb);
  }

  private static int color(Image image, int pixel) {
    int color = 0;
    for (int channel = 0; channel < 3; channel++) {
      color = color << 8 | (image.values()[3 * pixel + channel] & 0xff);
    }
    return color;
  }

  @Test
  void aThumbnailHasMeansAndLabelsOfTheMiddle() {
    Image image = grey(4, 2, 10, 20, 100, 200, 30, 40, 100, 200);
    assertThat(Thumbnail.of(image, 2).values())
        .containsExactly(25, 25, 25, (byte) 150, (byte) 150, (byte) 150);
    LabelMap labels = new LabelMap(4, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(Thumbnail.of(labels, 2).labels()).containsExactly(6, 8);
    assertThat(Thumbnail.of(image, 4)).isSameAs(image);
    assertThat(Thumbnail.of(new LabelMap(5, 1, new byte[] {1, 2, 3, 4, 5}), 1).labels())
        .containsExactly(3);
  }

  @Test
  void errorsAreMarked() {
    LabelMap truth = new LabelMap(3, 1, new byte[] {1, 1, (byte) 255});
    LabelMap prediction = new LabelMap(3, 1, new byte[] {1, 2, 2});
    Image errors = ErrorMap.of(grey(3, 1, 55, 55, 55), truth, prediction);
    assertThat(color(errors, 0)).isEqualTo(0x9b9b9b); // 255 - 200 / 2
    assertThat(color(errors, 1)).isEqualTo(ErrorMap.WRONG);
    assertThat(color(errors, 2)).isEqualTo(ErrorMap.LEFT_OUT);
  }

  @Test
  void coloursOfRulesAreShown() {
    ClassColors colors =
        LabelRules.parse("rules", "#804080 = 0 road\n#000000 = 1\n#112233 = ignore", 3)
            .classColors();
    assertThat(colors.rgb(0)).isEqualTo(0x804080);
    assertThat(colors.rgb(2)).isEqualTo(Palette.rgb(2));
    assertThat(colors.rgb(255)).isEqualTo(0x112233);
    LabelMap labels = new LabelMap(2, 1, new byte[] {0, 1});
    Image overlay = Overlay.of(grey(2, 1, 10, 10), labels, colors);
    assertThat(color(overlay, 0)).isEqualTo(0x804080); // at a border, pure
    assertThat(color(overlay, 1)).isEqualTo(0x0a0a0a); // black is background
    assertThat(LabelRules.numbers(3).classColors()).isSameAs(ClassColors.VOC);
  }

  @Test
  void aLegendHasTheColours() throws Exception {
    Path file = directory.resolve("legend.png");
    Legend.write(file, ClassColors.VOC, 40, label -> "class " + label);
    var picture = ImageIO.read(file.toFile());
    assertThat(picture.getHeight()).isEqualTo(32 * 20 + 16);
    assertThat(picture.getRGB(14, 8 + 20 + 10)).isEqualTo(0xff800000); // of label 1
    int column = (picture.getWidth() - 8) / 2;
    assertThat(picture.getRGB(column + 14, 8 + 10) & 0xffffff).isEqualTo(Palette.rgb(32));
  }

  @Test
  void probabilitiesAreArraysOfNumPy() throws Exception {
    Path png = directory.resolve("p.png");
    Path npy = directory.resolve("p.npy");
    try (ProbabilityFiles files = new ProbabilityFiles(2, 2, 2, png, npy)) {
      files.add(new float[] {0.75f, 0.25f, 0.5f, 0.5f});
      files.add(new float[] {0, 1, 0.1f, 0.9f});
      files.finish();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    assertThat(bytes.position() % 64).isZero();
    assertThat(new String(header, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2), }")
        .endsWith("\n");
    for (float value : new float[] {0.75f, 0.25f, 0.5f, 0.5f, 0, 1, 0.1f, 0.9f}) {
      assertThat(bytes.getFloat()).isEqualTo(value);
    }
    assertThat(bytes.hasRemaining()).isFalse();
    int[] grey = ImageIO.read(png.toFile()).getRaster().getSamples(0, 0, 2, 2, 0, (int[]) null);
    assertThat(grey).containsExactly(191, 128, 255, 230);
  }

  @Test
  void unfinishedProbabilitiesLeaveNothing() {
    new ProbabilityFiles(2, 2, 2, directory.resolve("p.png"), directory.resolve("p.npy")).close();
    assertThat(directory).isEmptyDirectory();
  }
}
