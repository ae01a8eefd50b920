package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * PASCAL VOC's:
 *
 * <pre>
 * JPEGImages/ID.jpg                     images
 * SegmentationClass/ID.png              masks, of the size of their image
 * SegmentationClassAug/ID.png           those of SBD, for splits with "aug" in their name
 * ImageSets/Segmentation/SPLIT.txt      the images of the split, one per line; see {@link SplitFile}
 * </pre>
 *
 * <p>A list may name an image more than once; such a sample is seen more often in training, as the
 * hard images of the paper's test-set recipe are.
 */
final class VocLayout implements Layout {
  private static final String IMAGES = "JPEGImages";
  private static final String MASKS = "SegmentationClass";
  private static final String SBD = "SegmentationClassAug";

  @Override
  public String name() {
    return "voc";
  }

  @Override
  public String title() {
    return "PASCAL VOC";
  }

  @Override
  public Optional<String> sign(Path root) {
    return Stream.of(IMAGES, MASKS, SBD, "ImageSets")
        .filter(folder -> Files.isDirectory(root.resolve(folder)))
        .findFirst()
        .map(folder -> "it has " + folder);
  }

  @Override
  public Listing list(Path root, String split, double valShare) {
    Path sbd = root.resolve(SBD);
    boolean augmented = split.toLowerCase(Locale.ROOT).contains("aug") && Files.isDirectory(sbd);
    requireFolder(root, root.resolve(IMAGES));
    if (!augmented) {
      requireFolder(root, root.resolve(MASKS));
    }
    Path lists = root.resolve("ImageSets").resolve("Segmentation");
    requireFolder(root, lists);
    Path list = FileNames.resolve(lists, split + ".txt");
    if (!Files.isRegularFile(list)) {
      throw new AtrousException(
          "Split '" + split + "' doesn't exist: there is no " + list + ". " + otherSplits(lists));
    }
    Masks masks =
        Masks.in(augmented ? List.of(sbd, root.resolve(MASKS)) : List.of(root.resolve(MASKS)));
    List<Sample> samples = SplitFile.read(root, list, root.resolve(IMAGES), masks);
    return new Layout.Masks(samples, list, List.of(), LabelRules::numbers);
  }

  /**
   * Masks by the IDs of images.
   *
   * @param folders the first that has the mask counts
   */
  record Masks(List<ImageFolder> folders) implements SplitFile.Masks {
    static Masks in(List<Path> folders) {
      return new Masks(folders.stream().map(folder -> new ImageFolder(folder, ".png")).toList());
    }

    @Override
    public Path of(String id, Path image) {
      return folders.stream()
          .flatMap(folder -> folder.find(id).stream())
          .findFirst()
          .orElseGet(() -> FileNames.resolve(folder(), id + ".png"));
    }

    @Override
    public Path folder() {
      return folders.get(0).path();
    }
  }

  private static void requireFolder(Path root, Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new AtrousException(
          "Folder "
              + folder
              + " doesn't exist. The data set "
              + root
              + " needs the PASCAL VOC layout: JPEGImages, SegmentationClass and"
              + " ImageSets/Segmentation. Check the path of the data set.");
    }
  }

  private static String otherSplits(Path lists) {
    try (Stream<Path> files = Files.list(lists)) {
      List<String> names =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(file -> file.endsWith(".txt"))
              .map(file -> file.substring(0, file.length() - ".txt".length()))
              .sorted()
              .toList();
      return names.isEmpty()
          ? "Write one, with the ID of an image on each line."
          : "Use one of those that do: " + String.join(", ", names) + ".";
    } catch (IOException e) {
      throw new AtrousException("Folder " + lists + " can't be listed: " + e, e);
    }
  }
}
