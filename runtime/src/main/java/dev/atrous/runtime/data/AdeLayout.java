package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * That of ADE20K's challenge of scene parsing, ADEChallengeData2016:
 *
 * <pre>
 * images/training/NAME.jpg            images/validation/NAME.jpg
 * annotations/training/NAME.png       annotations/validation/NAME.png
 * </pre>
 *
 * <p>Labels 1 to 150 are the 150 classes; 0, "other objects", is ignored.
 */
final class AdeLayout implements Layout {
  private static final int CLASSES = 150;
  private static final Map<String, String> SPLITS =
      Map.of("train", "training", "val", "validation");

  @Override
  public String name() {
    return "ade20k";
  }

  @Override
  public String title() {
    return "ADE20K";
  }

  @Override
  public Optional<String> sign(Path root) {
    return Files.isDirectory(root.resolve("annotations/training"))
            && Files.isDirectory(root.resolve("images/training"))
        ? Optional.of("it has images/training and annotations/training")
        : Optional.empty();
  }

  @Override
  public Listing list(Path root, String split, double valShare) {
    String folder = SPLITS.getOrDefault(split, split);
    Path images = Folder.child(root.resolve("images"), folder);
    if (!Files.isDirectory(images)) {
      throw Layouts.noSplit(root, split, images.toString(), Folder.folders(root.resolve("images")));
    }
    Path masks = root.resolve("annotations").resolve(folder);
    List<Sample> samples = new ArrayList<>();
    for (Path image : Folder.images(images)) {
      String id = Folder.name(images, image);
      samples.add(new Sample(id, image, new MaskFile(masks.resolve(id + ".png"))));
    }
    return new Masks(samples, images, List.of(), AdeLayout::labels);
  }

  private static LabelRules labels(int classes) {
    if (classes != CLASSES) {
      throw new AtrousException(
          "ADE20K has %d classes, and the model has %d. Set classes to %d, or say which labels are which classes with --labels FILE."
              .formatted(CLASSES, classes, CLASSES));
    }
    return LabelRules.read("from-one", classes, List.of());
  }
}
