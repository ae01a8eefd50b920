package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cityscapes':
 *
 * <pre>
 * leftImg8bit/SPLIT/CITY/NAME_leftImg8bit.png
 * gtFine/SPLIT/CITY/NAME_gtFine_labelIds.png      or gtCoarse, where gtFine lacks the split
 * </pre>
 *
 * <p>Of the label ids, the 19 classes that are evaluated are learnt, and the others ignored.
 */
final class CityscapesLayout implements Layout {
  private static final int CLASSES = 19;
  private static final String IMAGES = "leftImg8bit";
  private static final String IMAGE_SUFFIX = "_leftImg8bit";

  @Override
  public String name() {
    return "cityscapes";
  }

  @Override
  public String title() {
    return "Cityscapes";
  }

  @Override
  public Optional<String> sign(Path root) {
    return Files.isDirectory(root.resolve(IMAGES))
        ? Optional.of("it has " + IMAGES)
        : Optional.empty();
  }

  @Override
  public Listing list(Path root, String split, double valShare) {
    Path images = Folder.child(root.resolve(IMAGES), split);
    if (!Files.isDirectory(images)) {
      throw Layouts.noSplit(root, split, images.toString(), Folder.folders(root.resolve(IMAGES)));
    }
    String annotations =
        Files.isDirectory(root.resolve("gtFine").resolve(split)) ? "gtFine" : "gtCoarse";
    Path masks = root.resolve(annotations).resolve(split);
    if (!Files.isDirectory(masks)) {
      throw new AtrousException(
          "Split '%s' of %s has images and no labels: there is neither gtFine/%s nor gtCoarse/%s. Unpack gtFine_trainvaltest.zip beside leftImg8bit."
              .formatted(split, root, split, split));
    }
    List<Sample> samples = new ArrayList<>();
    for (Path image : Folder.images(images)) {
      String id = Folder.name(images, image);
      if (id.endsWith(IMAGE_SUFFIX)) {
        id = id.substring(0, id.length() - IMAGE_SUFFIX.length());
      }
      Path mask = masks.resolve(id + "_" + annotations + "_labelIds.png");
      samples.add(new Sample(id, image, new MaskFile(mask)));
    }
    return new Masks(samples, images, List.of(), CityscapesLayout::labels);
  }

  private static LabelRules labels(int classes) {
    if (classes != CLASSES) {
      throw new AtrousException(
          "Cityscapes has %d classes that are evaluated, and the model has %d. Set classes to %d, or say which label ids are which classes with --labels FILE."
              .formatted(CLASSES, classes, CLASSES));
    }
    return LabelRules.read("cityscapes", classes, List.of());
  }
}
