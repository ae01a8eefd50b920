package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelCountsTest {
  private static final byte VOID = (byte) 255;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  private LabelCounts counts(int classes, byte[]... masks) throws IOException {
    List<String> ids = new ArrayList<>();
    for (byte[] mask : masks) {
      String id = "m" + ids.size();
      ids.add(id);
      VocFolder.sample(root, id, new LabelMap(mask.length, 1, mask));
    }
    VocFolder.split(root, "train", ids);
    List<Integer> progress = new ArrayList<>();
    LabelCounts counts = FolderDataset.open(root, "train", classes).validate(progress::add);
    assertThat(progress).hasSize(masks.length).endsWith(masks.length).isSorted();
    return counts;
  }

  @Test
  void masksWithEveryClassAreNotRemarked() throws IOException {
    LabelCounts counts = counts(3, new byte[] {0, 0, 1, VOID}, new byte[] {2, 2, 2, VOID});
    assertThat(counts.pixels(0)).isEqualTo(2);
    assertThat(counts.pixels(2)).isEqualTo(3);
    assertThat(counts.pixels(255)).isEqualTo(2);
    assertThat(counts.present()).containsExactly(0, 1, 2);
    assertThat(counts.remarks(List.of())).isEmpty();
  }

  @Test
  void masksOfZeroAnd255AreRemarked() throws IOException {
    LabelCounts counts = counts(2, new byte[] {0, 0, 0, VOID});
    assertThat(counts.present()).containsExactly(0);
    assertThat(counts.remarks(List.of("nothing", "thing")))
        .singleElement()
        .asString()
        .contains(
            "class 0 nothing (75.0 % of the pixels) and 255 (25.0 %) alone",
            "ignored", "give it a number of its own, such as 1");
  }

  @Test
  void singleClassIsRemarked() throws IOException {
    assertThat(counts(3, new byte[] {1, 1}).remarks(List.of()))
        .singleElement()
        .asString()
        .contains("class 1 alone", "always says 1 is 100 % right");
  }

  @Test
  void singleClassIsAllThereIsInAModelOfOne() throws IOException {
    assertThat(counts(1, new byte[] {0, VOID, 0}).remarks(List.of())).isEmpty();
  }

  @Test
  void labelsThatBeginWithOneAreRemarked() throws IOException {
    assertThat(counts(3, new byte[] {1, 2}).remarks(List.of()))
        .singleElement()
        .asString()
        .contains("Class 0 never occurs", "begin with 1, subtract 1", "last 2");
  }

  @Test
  void absentClassesAreCountedAndNamed() throws IOException {
    assertThat(counts(4, new byte[] {0, 2}).remarks(List.of("a", "b", "c", "d")))
        .singleElement()
        .asString()
        .contains("2 of 4 classes (1 b, 3 d) never occur in the masks");
    assertThat(counts(3, new byte[] {0, 1}).remarks(List.of()))
        .singleElement()
        .asString()
        .contains("Class 2 (of 3) never occurs in the masks");
  }

  @Test
  void largeIgnoredShareIsRemarked() throws IOException {
    assertThat(counts(2, new byte[] {0, 1, VOID, VOID, VOID}).remarks(List.of()))
        .singleElement()
        .asString()
        .contains("60.0 % of the masks' pixels are 255");
    assertThat(counts(2, new byte[] {0, 1, VOID, VOID}).remarks(List.of())).isEmpty();
  }

  @Test
  void masksWithoutAnyClassAreRefused() {
    assertThatThrownBy(() -> counts(2, new byte[] {VOID, VOID}))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("Every pixel", "is ignored", "0..1", "--labels");
  }

  @Test
  void damagedImagesAreFoundBeforeWork() throws IOException {
    VocFolder.sample(root, "a", new LabelMap(32, 24, new byte[32 * 24]));
    VocFolder.split(root, "train", List.of("a"));
    Files.delete(root.resolve("JPEGImages/a.png"));
    byte[] jpeg = Files.readAllBytes(ImageFormatsTest.resource("plain.jpg"));
    Files.write(root.resolve("JPEGImages/a.jpg"), Arrays.copyOf(jpeg, 1000));
    FolderDataset data = FolderDataset.open(root, "train", 2);
    assertThatThrownBy(() -> data.validate(done -> {}))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("1 of 1 samples", "a.jpg", "cut off");
  }

  private void palette(String id, int... colors) throws IOException {
    IndexColorModel model = new IndexColorModel(8, colors.length, colors, 0, false, -1, 0);
    BufferedImage mask = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, model);
    mask.getRaster().setDataElements(0, 0, 2, 1, new byte[] {0, 1});
    VocFolder.sample(root, id, new LabelMap(2, 1, new byte[2]));
    ImageIO.write(mask, "png", root.resolve("SegmentationClass/" + id + ".png").toFile());
  }

  private List<String> paletteRemarks() throws IOException {
    VocFolder.split(root, "train", List.of("a", "b"));
    return FolderDataset.open(root, "train", 2).validate(done -> {}).remarks(List.of());
  }

  @Test
  void palettesThatGiveALabelTwoColoursAreRemarked() throws IOException {
    palette("a", 0, 0x800000);
    palette("b", 0, 0x008000);
    assertThat(paletteRemarks())
        .singleElement()
        .asString()
        .contains(
            "palettes of the masks differ: label 1", "#800000 in", "#008000 in", "one palette");
  }

  @Test
  void palettesThatDifferInUnusedOrGreyEntriesAgree() throws IOException {
    palette("a", 0, 0x800000, 0x654321);
    palette("b", 0, 0x800000, 0x123456);
    assertThat(paletteRemarks()).isEmpty();
    palette("a", 0, 0x555555);
    palette("b", 0, 0xffffff);
    assertThat(paletteRemarks()).isEmpty();
  }
}
