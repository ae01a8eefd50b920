package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDatasetTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  @BeforeEach
  void oneSample() throws IOException {
    VocFolder.split(root, "train", List.of("a"));
    VocFolder.sample(root, "a", new LabelMap(2, 2, new byte[] {0, 1, 2, (byte) 255}));
  }

  private AbstractThrowableAssert<?, ?> opening(String split, int classes) {
    return assertThatThrownBy(() -> FolderDataset.open(root, split, classes))
        .isInstanceOf(AtrousException.class);
  }

  @Test
  void opensAndLoads() {
    FolderDataset dataset = FolderDataset.open(root, "train", 3);
    assertThat(dataset.size()).isEqualTo(1);
    assertThat(dataset.name()).isEqualTo(root.getFileName() + "/train");
    dataset.validate(done -> {});
    LabelledImage loaded = dataset.load(0);
    assertThat(loaded.labels().labels()).containsExactly(0, 1, 2, (byte) 255);
    assertThat(loaded.image().values()).startsWith(0, 10, (byte) 250, 40, 10, (byte) 250);
  }

  @Test
  void repeatedIdsBlankLinesAndByteOrderMarkAreFine() throws IOException {
    VocFolder.split(root, "hard", List.of("\uFEFFa ", "", "a", "a"));
    FolderDataset dataset = FolderDataset.open(root, "hard", 3);
    assertThat(List.of(dataset.sampleName(0), dataset.sampleName(1), dataset.sampleName(2)))
        .containsOnly("a");
    assertThat(dataset.size()).isEqualTo(3);
    assertThat(dataset.distinct()).isEqualTo(1);
  }

  @Test
  void jpegAndJpgAreFound() throws IOException {
    VocFolder.split(root, "photos", List.of("b", "c"));
    VocFolder.jpeg(root.resolve("JPEGImages/b.jpeg"), 3, 1);
    VocFolder.jpeg(root.resolve("JPEGImages/c.jpg"), 3, 1);
    new LabelMap(3, 1, new byte[3]).write(root.resolve("SegmentationClass/b.png"));
    new LabelMap(3, 1, new byte[3]).write(root.resolve("SegmentationClass/c.png"));
    FolderDataset dataset = FolderDataset.open(root, "photos", 3);
    assertThat(dataset.file(0)).hasValue(root.resolve("JPEGImages/b.jpeg"));
    assertThat(dataset.file(1)).hasValue(root.resolve("JPEGImages/c.jpg"));
  }

  @Test
  void missingFoldersAreNamed() throws IOException {
    assertThatThrownBy(() -> FolderDataset.open(root.resolve("typo"), "train", 3))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("typo doesn't exist", "Check the path");
    Files.move(root.resolve("JPEGImages"), root.resolve("images"));
    opening("train", 3).hasMessageContainingAll("JPEGImages doesn't exist", "Check the path");
  }

  @Test
  void unknownSplitListsTheOthers() throws IOException {
    VocFolder.split(root, "val", List.of("a"));
    opening("test", 3)
        .hasMessageContainingAll("'test' doesn't exist", "test.txt", "those that do: train, val.");
    Files.delete(root.resolve("ImageSets/Segmentation/val.txt"));
    Files.delete(root.resolve("ImageSets/Segmentation/train.txt"));
    opening("test", 3).hasMessageContaining("Write one");
  }

  @Test
  void emptySplitFilesAreNamed() throws IOException {
    VocFolder.split(root, "none", List.of("", " "));
    opening("none", 3).hasMessageContainingAll("none.txt is empty", "ID of one image");
  }

  @Test
  void missingFilesAreCountedAndTheFirstFiveNamed() throws IOException {
    List<String> ids = IntStream.range(0, 7).mapToObj(i -> "gone" + i).toList();
    VocFolder.split(root, "train", ids);
    opening("train", 3)
        .hasMessageContainingAll(
            "7 of 7 samples", "gone0.jpg is missing", "gone4.jpg", "and 2 more", "train.txt")
        .hasMessageContaining("remove the IDs from")
        .message()
        .doesNotContain("gone5");
  }

  @Test
  void missingMaskIsNamed() throws IOException {
    Files.delete(root.resolve("SegmentationClass/a.png"));
    opening("train", 3).message().contains(Path.of("SegmentationClass", "a.png") + " is missing");
  }

  @Test
  void differentSizesAreNamed() {
    new LabelMap(4, 1, new byte[4]).write(root.resolve("SegmentationClass/a.png"));
    opening("train", 3)
        .hasMessageContainingAll("a.png is 4x1", "a.png is 2x2", "resize it without interpolation");
  }

  @Test
  void unreadableHeaderIsNamed() throws IOException {
    Files.writeString(root.resolve("JPEGImages/a.png"), "text");
    opening("train", 3).hasMessageContainingAll("1 of 1 samples", "a.png", "can't be read");
  }

  @Test
  void firstLabelOutOfRangeIsNamedWithItsPosition() {
    FolderDataset dataset = FolderDataset.open(root, "train", 1);
    String[] expected = {
      "a.png has label 1 at x=1, y=0, and labels up to 2", "1 classes", "map such labels to 255"
    };
    assertThatThrownBy(() -> dataset.validate(done -> {}))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(expected);
    assertThatThrownBy(() -> dataset.load(0))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(expected);
  }

  @Test
  void validationReportsUnusableMasks() throws IOException {
    VocFolder.jpeg(root.resolve("SegmentationClass/a.png"), 2, 2);
    FolderDataset dataset = FolderDataset.open(root, "train", 3);
    assertThatThrownBy(() -> dataset.validate(done -> {}))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("1 of 1 samples", "a.png", "JPEG, which changes values");
  }

  @Test
  void sizeThatChangedAfterOpeningIsNamed() {
    FolderDataset dataset = FolderDataset.open(root, "train", 3);
    new LabelMap(4, 1, new byte[4]).write(root.resolve("SegmentationClass/a.png"));
    assertThatThrownBy(() -> dataset.load(0))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("a.png", "changed", "Start again");
  }

  private void turnedImage(int orientation) throws IOException {
    VocFolder.split(root, "turned", List.of("t"));
    Files.copy(
        ImageFormatsTest.resource("orientation_" + orientation + ".jpg"),
        root.resolve("JPEGImages/t.jpg"));
  }

  @Test
  void turnedImageNeedsAMaskAsItIsShown() throws IOException {
    turnedImage(6);
    new LabelMap(24, 32, new byte[24 * 32]).write(root.resolve("SegmentationClass/t.png"));
    FolderDataset dataset = FolderDataset.open(root, "turned", 3);
    assertThat(dataset.load(0).image().width()).isEqualTo(24);
    assertThat(dataset.remarks()).singleElement().asString().contains("EXIF", "t.jpg", "Masks");
  }

  @Test
  void maskOfTheImageAsStoredIsToldApart() throws IOException {
    turnedImage(6);
    new LabelMap(32, 24, new byte[24 * 32]).write(root.resolve("SegmentationClass/t.png"));
    opening("turned", 3)
        .hasMessageContainingAll(
            "t.png is 32x24", "t.jpg is 24x32 as it is shown", "EXIF", "Turn such masks")
        .hasMessageNotContaining("resize");
  }

  @Test
  void halfTurnsAreSaid() throws IOException {
    turnedImage(3);
    new LabelMap(32, 24, new byte[24 * 32]).write(root.resolve("SegmentationClass/t.png"));
    assertThat(FolderDataset.open(root, "turned", 3).remarks())
        .singleElement()
        .asString()
        .contains("EXIF");
  }

  @Test
  void adviceThatManyFilesShareIsGivenOnce() throws IOException {
    VocFolder.split(root, "train", List.of("a", "b"));
    VocFolder.sample(root, "b", new LabelMap(2, 2, new byte[] {7, 1, 2, 0}));
    VocFolder.sample(root, "a", new LabelMap(2, 2, new byte[] {9, 1, 2, 0}));
    FolderDataset dataset = FolderDataset.open(root, "train", 3);
    assertThatThrownBy(() -> dataset.validate(done -> {}))
        .hasMessageContainingAll("a.png has label 9", "b.png has label 7")
        .message()
        .containsOnlyOnce("map such labels to 255")
        .containsOnlyOnce("a.png");
  }

  @Test
  void depthIsThatOfTheWholeSet() throws IOException {
    VocFolder.split(root, "deep", List.of("dark", "bright"));
    DeepImages.write(root.resolve("JPEGImages/dark.png"), 100, 600);
    DeepImages.write(root.resolve("JPEGImages/bright.png"), 0, 4000);
    for (String id : List.of("dark", "bright")) {
      new LabelMap(2, 1, new byte[2]).write(root.resolve("SegmentationClass/" + id + ".png"));
    }
    FolderDataset dataset = FolderDataset.open(root, "deep", 3);
    assertThat(dataset.load(0).image().values()).startsWith(100 >> 4, 100 >> 4, 100 >> 4, 600 >> 4);
    assertThat(dataset.remarks())
        .singleElement()
        .asString()
        .contains("2 images", "12 bits", "None is above 4095");
  }
}
