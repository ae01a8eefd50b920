package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny folders of each layout, and the labels that come out. */
class LayoutsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  private void image(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(image, path.endsWith(".jpg") ? "jpg" : "png", file.toFile());
  }

  private void mask(String path, int... values) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, values.length == 3 ? values : new int[3]);
    ImageIO.write(image, "png", file.toFile());
  }

  private void list(String path, String... lines) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.write(root.resolve(path), List.of(lines));
  }

  private FolderDataset open(String split, int classes) {
    return FolderDataset.open(root, split, classes);
  }

  private static List<String> names(FolderDataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::sampleName).toList();
  }

  private AbstractThrowableAssert<?, ?> refused(String split, int classes) {
    return assertThatThrownBy(() -> open(split, classes)).isInstanceOf(AtrousException.class);
  }

  @Test
  void vocWithTheMasksOfSbd() throws IOException {
    image("JPEGImages/a.jpg");
    image("JPEGImages/b.jpg");
    mask("SegmentationClass/a.png", 0, 1, 2);
    mask("SegmentationClassAug/a.png", 2, 2, 2);
    mask("SegmentationClassAug/b.png", 1, 1, 255);
    list("ImageSets/Segmentation/train.txt", "a");
    list("ImageSets/Segmentation/trainaug.txt", "a", "b");
    list("ImageSets/Segmentation/aug_pairs.txt", "/JPEGImages/b.jpg /SegmentationClassAug/b.png");
    FolderDataset train = open("train", 3);
    assertThat(train.layout()).isEqualTo("PASCAL VOC (it has JPEGImages)");
    assertThat(train.load(0).labels().labels()).containsExactly(0, 1, 2);
    FolderDataset augmented = open("trainaug", 3);
    assertThat(augmented.load(0).labels().labels()).containsExactly(2, 2, 2);
    assertThat(augmented.load(1).labels().labels()).containsExactly(1, 1, -1);
    assertThat(open("aug_pairs", 3).load(0).labels().labels()).containsExactly(1, 1, -1);
  }

  @Test
  void cityscapes() throws IOException {
    image("leftImg8bit/train/ulm/ulm_000_019_leftImg8bit.png");
    mask("gtFine/train/ulm/ulm_000_019_gtFine_labelIds.png", 7, 0, 33);
    mask("gtFine/train/ulm/ulm_000_019_gtFine_instanceIds.png", 1, 2, 3);
    image("leftImg8bit/train_extra/bonn/bonn_1_2_leftImg8bit.png");
    mask("gtCoarse/train_extra/bonn/bonn_1_2_gtCoarse_labelIds.png", 26, 26, 4);
    FolderDataset train = open("train", 19);
    assertThat(train.layout()).isEqualTo("Cityscapes (it has leftImg8bit)");
    assertThat(names(train)).containsExactly("ulm/ulm_000_019");
    assertThat(train.load(0).labels().labels()).containsExactly(0, -1, 18);
    assertThat(train.labels().classNames()).startsWith("road", "sidewalk");
    assertThat(open("train_extra", 19).load(0).labels().labels()).containsExactly(13, 13, -1);
    refused("train", 21).hasMessageContainingAll("19 classes", "the model has 21", "--labels");
    refused("val", 19).hasMessageContainingAll("'val' doesn't exist", "train, train_extra");
  }

  @Test
  void ade20k() throws IOException {
    image("images/training/ADE_train_1.jpg");
    mask("annotations/training/ADE_train_1.png", 0, 1, 150);
    image("images/validation/ADE_val_1.jpg");
    mask("annotations/validation/ADE_val_1.png", 3, 3, 3);
    FolderDataset train = open("train", 150);
    assertThat(train.format()).isEqualTo("ade20k");
    assertThat(train.load(0).labels().labels()).containsExactly(-1, 0, (byte) 149);
    assertThat(open("val", 150).load(0).labels().labels()).containsExactly(2, 2, 2);
    refused("train", 151).hasMessageContainingAll("150 classes", "the model has 151");
    refused("test", 150).hasMessageContainingAll("'test' doesn't exist", "training, validation");
  }

  @Test
  void twoFoldersNestedAlike() throws IOException {
    image("Images/day/a.jpg");
    image("Images/night/a.jpg");
    mask("masks/day/a.png", 0, 1, 1);
    mask("masks/night/a.png", 1, 0, 0);
    list("train.txt", "day/a", "night/a.jpg");
    FolderDataset train = open("train", 2);
    assertThat(train.layout()).isEqualTo("two folders (it has Images and masks)");
    assertThat(names(train)).containsExactly("day/a", "night/a");
    assertThat(train.load(0).labels().labels()).containsExactly(0, 1, 1);
    assertThat(train.load(1).labels().labels()).containsExactly(1, 0, 0);
    refused("val", 2).hasMessageContainingAll("'val' doesn't exist", "train");
  }

  @ParameterizedTest
  @CsvSource({
    "images/train/a.jpg, masks/train/a.png, images/valid/b.jpg, masks/valid/b.png",
    "train/images/a.jpg, train/masks/a.png, val/images/b.jpg, val/masks/b.png",
    "images/training/x/a.jpg, gt/training/x/a_mask.png, images/val/b.jpg, gt/val/b_mask.png",
  })
  void splitsByFolder(String image, String mask, String valImage, String valMask)
      throws IOException {
    image(image);
    mask(mask, 0, 1, 1);
    image(valImage);
    mask(valMask, 1, 1, 1);
    assertThat(open("train", 2).load(0).labels().labels()).containsExactly(0, 1, 1);
    assertThat(open("val", 2).load(0).labels().labels()).containsExactly(1, 1, 1);
    assertThat(open("val", 2).size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "a, a_mask",
    "a, a-seg",
    "a, a.mask",
    "a_image, a_mask",
    "a_sat, a_mask",
    "x_a_im, x_a_im_gt"
  })
  void masksHaveASuffix(String image, String mask) throws IOException {
    for (int i = 0; i < 3; i++) {
      image("images/%d_%s.jpg".formatted(i, image));
      mask("masks/%d_%s.png".formatted(i, mask), i, i, i);
    }
    list("train.txt", "0_" + image, "2_" + image);
    FolderDataset all =
        FolderDataset.open(root, "train", 3, new FolderDataset.Reading("folders", null, 0.5));
    assertThat(all.load(1).labels().labels()).containsExactly(2, 2, 2);
    Files.delete(root.resolve("train.txt"));
    FolderDataset val = open("val", 3);
    assertThat(val.load(0).labels().labels()[0])
        .isEqualTo((byte) (val.sampleName(0).charAt(0) - '0'));
  }

  @Test
  void masksOfSeveralKindsAreNotGuessed() throws IOException {
    for (String name : List.of("a", "b")) {
      image("images/" + name + ".jpg");
      mask("masks/" + name + "_color.png");
      mask("masks/" + name + "_ids.png");
    }
    refused("train", 2).hasMessageContainingAll("several kinds", "'_color'", "'_ids'");
  }

  @Test
  void splitsByShareAreTheSameForEveryRunAndSaid() throws IOException {
    for (int i = 0; i < 20; i++) {
      image("images/" + i + ".jpg");
      mask("masks/" + i + ".png");
    }
    mask("masks/extra.png");
    FolderDataset train = open("train", 2);
    FolderDataset val = open("val", 2);
    assertThat(names(val)).hasSize(4).containsExactly("13", "17", "8", "9");
    List<String> all = new ArrayList<>(names(train));
    all.addAll(names(val));
    assertThat(all).doesNotHaveDuplicates().hasSize(20);
    assertThat(train.remarks())
        .anySatisfy(
            text ->
                assertThat(text).contains("4 of 20 images are for validation (--val-share 0.2)"))
        .anySatisfy(text -> assertThat(text).contains("1 mask has no image", "extra.png"));
    FolderDataset half =
        FolderDataset.open(root, "val", 2, new FolderDataset.Reading(null, null, 0.5));
    assertThat(names(half)).hasSize(10).containsAll(names(val));
    refused("test", 2).hasMessageContainingAll("'test' doesn't exist", "train, val");
    assertThatThrownBy(() -> new FolderDataset.Reading(null, null, 1))
        .hasMessageContaining("between 0 and 1");
  }

  @Test
  void imagesWithoutAMaskAreNamed() throws IOException {
    image("images/a.jpg");
    image("images/b.jpg");
    image("images/c.jpg");
    mask("masks/a_mask.png");
    mask("masks/c_mask.png");
    refused("train", 2)
        .hasMessageContainingAll(
            "samples can't be used", "b_mask.png is missing", "take the others");
  }

  @Test
  void theFolderHasItsOwnRules() throws IOException {
    image("images/a.jpg");
    image("images/b.jpg");
    mask("masks/a.png", 0, 255, 255);
    mask("masks/b.png", 255, 0, 0);
    list("label-rules.txt", "0 = 0 background", "255 = 1 disc");
    list("train.txt", "a");
    FolderDataset train = open("train", 2);
    assertThat(train.load(0).labels().labels()).containsExactly(0, 1, 1);
    assertThat(train.labels().classNames()).containsExactly("background", "disc");
    LabelRules told = LabelRules.read("numbers", 2, List.of());
    FolderDataset.Reading reading = new FolderDataset.Reading(null, told, 0.2);
    assertThat(FolderDataset.open(root, "train", 2, reading).load(0).labels().labels())
        .containsExactly(0, -1, -1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"photos.txt", "data/x.png"})
  void otherFoldersAreNoDataSets(String file) throws IOException {
    list(file, "");
    refused("train", 2)
        .hasMessageContainingAll(
            "no data set of a kind that is known",
            Path.of(file).getName(0).toString(),
            "JPEGImages",
            "masks");
    assertThatThrownBy(
            () ->
                FolderDataset.open(root, "train", 2, new FolderDataset.Reading("coco2", null, 0.2)))
        .hasMessageContainingAll("no format 'coco2'", "cityscapes, ade20k, coco, voc, folders");
  }
}
