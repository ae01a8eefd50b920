package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of 4 x 3 pixels; labels are compared with those drawn by hand. */
class CocoLayoutTest {
  private static final String CATEGORIES =
      """
      "categories": [{"id": 1, "name": "person"}, {"id": 7, "name": "train"},
                     {"id": 27, "name": "backpack"}, {"id": 72, "name": "tv"}]""";

  /** Columns 1 and 2 of rows 0 and 1. */
  private static final String SQUARE = "[[1, 0, 3, 0, 3, 2, 1, 2]]";

  /** The left column but for its top, and the whole second one. */
  private static final String RUNS = "{\"size\": [3, 4], \"counts\": [1, 5, 6]}";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("a", "b")) {
      image("train2017/" + name + ".jpg");
    }
  }

  private void image(String path) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), "jpg", file.toFile());
  }

  private static String region(int image, int category, int area, String segmentation) {
    return "{\"segmentation\": %s, \"area\": %d.5, \"iscrowd\": 0, \"image_id\": %d, \"bbox\": [1, 2], \"category_id\": %d, \"id\": 9}"
        .formatted(segmentation, area, image, category);
  }

  private void write(String path, String... regions) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        {"info": {"description": "ä", "x": [1, {"y": 2}]}, "licenses": [],
         "images": [{"id": 5, "file_name": "a.jpg", "height": 3, "width": 4},
                    {"id": 3, "file_name": "b.jpg", "height": 3, "width": 4}],
         "annotations": [%s], %s}"""
            .formatted(String.join(",\n ", regions), CATEGORIES));
  }

  private void instances(String... regions) throws IOException {
    write("annotations/instances_train2017.json", regions);
  }

  private FolderDataset open(int classes) {
    return FolderDataset.open(root, "train", classes);
  }

  private FolderDataset open(int classes, String... rules) {
    LabelRules labels = LabelRules.parse("mine", String.join("\n", rules), classes);
    return FolderDataset.open(root, "train", classes, new FolderDataset.Reading(null, labels, 0.2));
  }

  @Test
  void polygonsAndRunLengthsBecomeClassesInTheOrderOfTheirIds() throws IOException {
    instances(region(5, 7, 4, SQUARE), region(3, 27, 5, RUNS));
    FolderDataset data = open(5);
    assertThat(data.layout()).isEqualTo("COCO (it has annotations/instances_train2017.json)");
    assertThat(data.sampleName(0)).isEqualTo("b"); // by id
    assertThat(data.load(0).labels().labels())
        .containsExactly(0, 3, 0, 0, /* row 1 */ 3, 3, 0, 0, /* row 2 */ 3, 3, 0, 0);
    assertThat(data.load(1).labels().labels())
        .containsExactly(0, 2, 2, 0, /* row 1 */ 0, 2, 2, 0, /* row 2 */ 0, 0, 0, 0);
    assertThat(data.labels().classNames())
        .containsExactly("background", "person", "train", "backpack", "tv");
  }

  @Test
  void withoutABackgroundTheRestIsIgnored() throws IOException {
    write("annotations/stuff_train2017.json", region(5, 7, 4, SQUARE));
    assertThat(open(4).load(1).labels().labels())
        .containsExactly(-1, 1, 1, -1, -1, 1, 1, -1, -1, -1, -1, -1);
    assertThatThrownBy(() -> open(9))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("4 categories", "9 classes", "to 5, with a background, or to 4");
  }

  @Test
  void compressedRunLengths() throws IOException {
    // 1, 4, 2, 3, 2: the fourth is told as the difference to the second, the fifth to the third
    instances(region(5, 7, 4, "{\"size\": [3, 4], \"counts\": \"142O0\"}"));
    assertThat(open(5).load(1).labels().labels())
        .containsExactly(0, 2, 0, 2, /* row 1 */ 2, 2, 2, 0, /* row 2 */ 2, 0, 2, 0);
  }

  @Test
  void longRunsHaveSeveralCharacters() throws IOException {
    // 40 and 60: five bits at a time, the least first
    byte[] pixels =
        CocoRuns.pixels(
            new ObjectMapper().readTree("{\"size\": [100, 1], \"counts\": \"X1l1\"}"),
            new ImageFiles.Size(1, 100),
            "it");
    for (int i = 0; i < 100; i++) {
      assertThat(pixels[i]).isEqualTo((byte) (i < 40 ? 0 : 1));
    }
  }

  @Test
  void regionsOfOneClassMayOverlapOthersAreIgnoredWhereTheyDo() throws IOException {
    String right = "[[2, 0, 4, 0, 4, 3, 2, 3]]";
    instances(region(5, 7, 4, SQUARE), region(5, 1, 6, right));
    assertThat(open(5).load(1).labels().labels())
        .containsExactly(0, 2, -1, 1, /* row 1 */ 0, 2, -1, 1, /* row 2 */ 0, 0, 1, 1);
    assertThat(open(2, "0 = 0", "1, 7 = 1", "other = 0").load(1).labels().labels())
        .containsExactly(0, 1, 1, 1, /* row 1 */ 0, 1, 1, 1, /* row 2 */ 0, 0, 1, 1);
    assertThat(open(2, "0 = 0", "1 = 1", "other = 0").load(1).labels().labels())
        .containsExactly(0, 0, 1, 1, /* row 1 */ 0, 0, 1, 1, /* row 2 */ 0, 0, 1, 1);
    assertThatThrownBy(() -> open(2, "0 = 0", "1 = 1").load(1))
        .hasMessageContainingAll("a.jpg has category 7 (train)", "without a rule", "'7 = ignore'");
  }

  @Test
  void thePapersRuleLeavesOutImagesWithFewPixelsOfVocsClasses() throws IOException {
    instances(
        region(5, 7, 600, SQUARE),
        region(5, 72, 400, SQUARE), // 1001 in all, with the halves
        region(3, 1, 900, RUNS),
        region(3, 27, 9000, RUNS)); // a backpack is none of VOC's
    FolderDataset data = open(21);
    assertThat(data.size()).isEqualTo(1);
    assertThat(data.load(0).labels().labels())
        .containsExactly(0, -1, -1, 0, /* row 1 */ 0, -1, -1, 0, /* row 2 */ 0, 0, 0, 0);
    assertThat(data.remarks()).singleElement().asString().contains("1 of 2 images have at most");
    assertThat(data.labels().classNames()).hasSize(21).startsWith("background", "aeroplane");
    LabelRules again = LabelRules.parse("the run's rules", data.labels().text(), 21);
    FolderDataset.Reading reading = new FolderDataset.Reading("coco", again, 0.2);
    assertThat(FolderDataset.open(root, "train", 21, reading).size()).isEqualTo(1);
    write("annotations/instances_val2017.json", region(5, 1, 2, RUNS));
    image("val2017/a.jpg");
    image("val2017/b.jpg");
    assertThat(FolderDataset.open(root, "val", 21).size()).isEqualTo(2);
  }

  @Test
  void filesBesideTheImages() throws IOException {
    image("valid/a.jpg");
    image("valid/b.jpg");
    write("valid/_annotations.coco.json", region(3, 72, 4, SQUARE));
    FolderDataset data = FolderDataset.open(root, "valid", 5);
    assertThat(data.load(0).labels().labels()).startsWith(0, 4, 4, 0);
    assertThatThrownBy(() -> open(5))
        .hasMessageContainingAll("'train' doesn't exist", "those that do: valid");
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    instances(region(8, 7, 4, SQUARE));
    assertThatThrownBy(() -> open(5)).hasMessageContainingAll("does not list (8, ...)");
    instances(region(5, 7, 4, "[[1, 2, 3, 4]]"));
    assertThatThrownBy(() -> open(5).load(1))
        .hasMessageContainingAll("The annotation at byte ", "a.jpg", "three points");
    instances(region(5, 7, 4, "{\"size\": [4, 3], \"counts\": [12]}"));
    assertThatThrownBy(() -> open(5).load(1)).hasMessageContaining("[4,3] ([height, width])");
    instances(region(5, 7, 4, "{\"size\": [3, 4], \"counts\": [5, 5]}"));
    assertThatThrownBy(() -> open(5).load(1)).hasMessageContaining("run lengths for 10 pixels");
    Files.writeString(root.resolve("annotations/instances_train2017.json"), "{\"images\": [{");
    assertThatThrownBy(() -> open(5))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("instances_train2017.json can't be used", "at byte");
    instances();
    ImageIO.write(
        new BufferedImage(3, 3, BufferedImage.TYPE_INT_RGB),
        "jpg",
        root.resolve("train2017/a.jpg").toFile());
    assertThatThrownBy(() -> open(5)).hasMessageContainingAll("is 4x3, but image", "a.jpg is 3x3");
  }

  /** The regions of the file are read when an image is, whatever stands before them. */
  @Test
  void placesInTheFileAreThoseOfBytes() throws IOException {
    instances(
        region(3, 1, 2, RUNS).replace("\"bbox\"", "\"note\": \"Straße 東京 😀\", \"bbox\""),
        region(5, 7, 4, SQUARE));
    assertThat(open(5).load(1).labels().labels()).startsWith(0, 2, 2, 0);
  }
}
