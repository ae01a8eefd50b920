package dev.atrous.samples.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;
import dev.atrous.samples.ShapesDeepLabModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapesGeneratorTest {
  private static final int CLASSES = ShapesGenerator.CLASS_NAMES.size();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  private static Map<String, List<Byte>> files(Path folder) throws IOException {
    Map<String, List<Byte>> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        contents.put(
            folder.relativize(file).toString(),
            IntStream.range(0, bytes.length).mapToObj(i -> bytes[i]).toList());
      }
    }
    return contents;
  }

  @Test
  void theQuickstartsModelNamesTheSameClasses() {
    assertThat(new ShapesDeepLabModel().description().classNames())
        .isEqualTo(ShapesGenerator.CLASS_NAMES);
  }

  @Test
  void opensAsAVocDataSetOfDisjointSplits() {
    ShapesGenerator.generate(root, 12, 5, 1);
    FolderDataset train = FolderDataset.open(root, "train", CLASSES);
    FolderDataset val = FolderDataset.open(root, "val", CLASSES);
    train.validate(done -> {});
    val.validate(done -> {});
    assertThat(train.size()).isEqualTo(12);
    assertThat(val.size()).isEqualTo(5);
    assertThat(names(train)).doesNotContainAnyElementsOf(names(val));
  }

  private static List<String> names(FolderDataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::sampleName).toList();
  }

  @Test
  void equalSeedsGiveEqualFilesAndNoTwoPicturesAreAlike() throws IOException {
    ShapesGenerator.generate(root.resolve("a"), 6, 3, 7);
    ShapesGenerator.generate(root.resolve("b"), 6, 3, 7);
    ShapesGenerator.generate(root.resolve("c"), 6, 3, 8);
    Map<String, List<Byte>> a = files(root.resolve("a"));
    assertThat(a).isEqualTo(files(root.resolve("b"))).hasSize(2 * 9 + 2);
    Map<String, List<Byte>> c = files(root.resolve("c"));
    assertThat(a.keySet()).isEqualTo(c.keySet());
    assertThat(a.values()).doesNotHaveDuplicates();
    a.keySet().removeIf(file -> file.endsWith(".txt"));
    a.forEach((file, bytes) -> assertThat(bytes).as(file).isNotEqualTo(c.get(file)));
  }

  @Test
  void allClassesAppearInsideAVoidRim() {
    ShapesGenerator.generate(root, 40, 0, 3);
    FolderDataset train = FolderDataset.open(root, "train", CLASSES);
    Set<Integer> seen = new HashSet<>();
    for (int sample = 0; sample < train.size(); sample++) {
      LabelMap labels = train.load(sample).labels();
      for (int y = 0; y < labels.height(); y++) {
        for (int x = 0; x < labels.width(); x++) {
          int label = labels.label(x, y);
          seen.add(label);
          if (x > 0 && label != LabelMap.VOID && labels.label(x - 1, y) != LabelMap.VOID) {
            assertThat(labels.label(x - 1, y)).as(train.sampleName(sample)).isEqualTo(label);
          }
        }
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, LabelMap.VOID);
  }

  /** The best that can be said of a pixel from its colour, learnt from the training images. */
  @Test
  void colourDoesNotGiveTheClassAway() {
    ShapesGenerator.generate(root, 200, 50, 4);
    int[][] counts = new int[1 << 12][CLASSES];
    FolderDataset train = FolderDataset.open(root, "train", CLASSES);
    for (int sample = 0; sample < train.size(); sample++) {
      LabelledImage image = train.load(sample);
      byte[] labels = image.labels().labels();
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] != (byte) LabelMap.VOID) {
          counts[colour(image, i)][labels[i]]++;
        }
      }
    }
    ConfusionMatrix confusion = new ConfusionMatrix(CLASSES);
    FolderDataset val = FolderDataset.open(root, "val", CLASSES);
    for (int sample = 0; sample < val.size(); sample++) {
      LabelledImage image = val.load(sample);
      byte[] predicted = new byte[image.labels().labels().length];
      for (int i = 0; i < predicted.length; i++) {
        predicted[i] = (byte) mostFrequent(counts[colour(image, i)]);
      }
      confusion.add(image.labels().labels(), predicted);
    }
    assertThat(confusion.meanIou()).isLessThan(0.25);
  }

  /** Four bits of each of red, green and blue. */
  private static int colour(LabelledImage image, int pixel) {
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      colour = colour << 4 | Byte.toUnsignedInt(image.image().values()[3 * pixel + channel]) >> 4;
    }
    return colour;
  }

  private static int mostFrequent(int[] counts) {
    int best = 0;
    for (int label = 1; label < counts.length; label++) {
      best = counts[label] > counts[best] ? label : best;
    }
    return best;
  }

  @Test
  void folderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");
    assertThatThrownBy(() -> ShapesGenerator.generate(file, 1, 1, 1))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(file.toString(), "Choose another folder");
  }
}
