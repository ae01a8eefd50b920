package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The layouts that are known, and which one a folder has. */
final class Layouts {
  /** In the order in which they are looked for: the most particular first. */
  private static final List<Layout> ALL =
      List.of(
          new CityscapesLayout(),
          new AdeLayout(),
          new CocoLayout(),
          new VocLayout(),
          new FoldersLayout());

  /** A layout and why it was chosen. */
  record Choice(Layout layout, String reason) {}

  private Layouts() {}

  /** The names for {@code --format}. */
  static List<String> names() {
    return ALL.stream().map(Layout::name).toList();
  }

  /**
   * Chooses the layout of a folder.
   *
   * @param name that the user said; null for the one that the folder shows
   * @throws AtrousException if there is no such layout, no such folder, or it shows none
   */
  static Choice choose(Path root, @Nullable String name) {
    if (!Files.isDirectory(root)) {
      throw new AtrousException(
          "Folder " + root + " doesn't exist. Check the path of the data set.");
    }
    if (name != null) {
      return ALL.stream()
          .filter(layout -> layout.name().equals(name))
          .findFirst()
          .map(layout -> new Choice(layout, layout.sign(root).orElse("as told")))
          .orElseThrow(
              () ->
                  new AtrousException(
                      "There is no format '%s' of data sets; those that there are: %s."
                          .formatted(name, String.join(", ", names()))));
    }
    for (Layout layout : ALL) {
      Optional<String> sign = layout.sign(root);
      if (sign.isPresent()) {
        return new Choice(layout, sign.get());
      }
    }
    throw new AtrousException(
        "The folder %s is no data set of a kind that is known: it has %s. It needs the PASCAL VOC layout (JPEGImages, SegmentationClass, ImageSets/Segmentation), that of Cityscapes (leftImg8bit, gtFine), of ADE20K (images/training, annotations/training) or of COCO (annotations/instances_train2017.json), or a folder of images and one of masks (images, masks). Check the path of the data set."
            .formatted(root, content(root)));
  }

  private static String content(Path root) {
    try (Stream<Path> files = Files.list(root)) {
      List<String> names =
          files.map(file -> String.valueOf(file.getFileName())).sorted().limit(9).toList();
      return names.isEmpty()
          ? "nothing in it"
          : names.stream().limit(8).collect(Collectors.joining(", "))
              + (names.size() > 8 ? ", ..." : "");
    } catch (IOException e) {
      throw new AtrousException("Folder " + root + " can't be listed: " + e + ".", e);
    }
  }

  /**
   * That a split does not exist.
   *
   * @param others those that do
   */
  static AtrousException noSplit(Path root, String split, String missing, List<String> others) {
    return new AtrousException(
        "Split '%s' doesn't exist: there is no %s. %s"
            .formatted(
                split,
                missing,
                others.isEmpty()
                    ? "There is none in " + root + "."
                    : "Use one of those that do: " + String.join(", ", others) + "."));
  }
}
