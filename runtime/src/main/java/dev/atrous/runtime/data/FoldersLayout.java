package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of images and one of masks, with the same names below:
 *
 * <pre>
 * images/PATH.jpg      masks/PATH.png      or masks/PATH_mask.png: see {@link MaskNames}
 * </pre>
 *
 * <p>The folders may have other names that are usual (see {@link #IMAGES} and {@link #MASKS}).
 * Splits are told apart, in this order, by folders ({@code images/train} and {@code masks/train},
 * or {@code train/images} and {@code train/masks}), by lists ({@code train.txt}, {@code val.txt}
 * beside the folders, or in {@code splits/}; each line an image as in PASCAL VOC), or else by a
 * share of the images: which ones follows from their names alone, see {@link Shares}.
 */
final class FoldersLayout implements Layout {
  private static final List<String> IMAGES =
      List.of("images", "image", "imgs", "img", "JPEGImages", "photos");
  private static final List<String> MASKS =
      List.of(
          "masks",
          "mask",
          "labels",
          "label",
          "annotations",
          "annotation",
          "gt",
          "segmentation",
          "segmentations",
          "labelmaps");
  private static final Map<String, List<String>> SPLITS =
      Map.of(
          "train", List.of("train", "training"),
          "val", List.of("val", "valid", "validation"),
          "test", List.of("test", "testing"));

  /** A folder of images and that of their masks. */
  private record Pair(Path images, Path masks) {}

  @Override
  public String name() {
    return "folders";
  }

  @Override
  public String title() {
    return "two folders";
  }

  @Override
  public Optional<String> sign(Path root) {
    Optional<Pair> pair = pair(root);
    if (pair.isEmpty()) {
      pair =
          Folder.folders(root).stream()
              .flatMap(split -> pair(root.resolve(split)).stream())
              .findFirst();
    }
    return pair.map(
        found ->
            "it has %s and %s"
                .formatted(root.relativize(found.images), root.relativize(found.masks)));
  }

  private static Optional<Pair> pair(Path folder) {
    List<String> there = Folder.folders(folder);
    Optional<Path> images = first(IMAGES, there).map(folder::resolve);
    Optional<Path> masks = first(MASKS, there).map(folder::resolve);
    return images.isPresent() && masks.isPresent()
        ? Optional.of(new Pair(images.get(), masks.get()))
        : Optional.empty();
  }

  /** The first of some names that is there, in upper or lower case. */
  private static Optional<String> first(List<String> names, List<String> there) {
    return names.stream()
        .flatMap(name -> there.stream().filter(name::equalsIgnoreCase))
        .findFirst();
  }

  @Override
  public Listing list(Path root, String split, double valShare) {
    List<String> names = SPLITS.getOrDefault(split.toLowerCase(Locale.ROOT), List.of(split));
    for (String name : names) {
      Optional<Pair> inside = pair(Folder.child(root, name)); // train/images, train/masks
      if (inside.isPresent()) {
        return pairs(inside.get(), inside.get());
      }
    }
    Pair whole =
        pair(root)
            .orElseThrow(
                () -> Layouts.noSplit(root, split, root.resolve(split).toString(), splits(root)));
    Optional<String> folder = first(names, Folder.folders(whole.images));
    if (folder.isPresent()) { // images/train, masks/train
      Path images = whole.images.resolve(folder.get());
      Path masks = whole.masks.resolve(folder.get());
      if (!Files.isDirectory(masks)) {
        throw new AtrousException(
            "There are images in " + images + ", but no folder " + masks + " with their masks.");
      }
      return pairs(new Pair(images, masks), whole);
    }
    Optional<Path> list =
        Stream.of(root, root.resolve("splits"))
            .map(place -> Folder.child(place, split + ".txt"))
            .filter(Files::isRegularFile)
            .findFirst();
    if (list.isPresent()) {
      return new Masks(
          SplitFile.read(root, list.get(), whole.images, MaskNames.of(whole.images, whole.masks)),
          list.get(),
          List.of(),
          LabelRules::numbers);
    }
    if (!splits(root).isEmpty() || !Shares.knows(split)) {
      throw Layouts.noSplit(
          root,
          split,
          "folder or list of that name",
          splits(root).isEmpty() ? Shares.SPLITS : splits(root));
    }
    Masks all = pairs(whole, whole);
    return Shares.of(all, split, valShare);
  }

  /** The images of a folder with their masks. */
  private static Masks pairs(Pair pair, Pair whole) {
    List<Path> images = Folder.images(pair.images);
    List<Sample> samples = new ArrayList<>();
    MaskNames masks = MaskNames.of(pair.images, pair.masks);
    for (Path image : images) {
      samples.add(
          new Sample(Folder.name(whole.images, image), image, new MaskFile(masks.of("", image))));
    }
    return new Masks(samples, pair.images, masks.remarks(), LabelRules::numbers);
  }

  /** The splits that folders or lists tell apart. */
  private static List<String> splits(Path root) {
    List<String> splits = new ArrayList<>();
    List<String> below = pair(root).map(pair -> Folder.folders(pair.images)).orElse(List.of());
    SPLITS.forEach(
        (split, names) -> {
          boolean listed =
              Files.isRegularFile(root.resolve(split + ".txt"))
                  || Files.isRegularFile(root.resolve("splits").resolve(split + ".txt"));
          boolean inside = names.stream().anyMatch(name -> pair(root.resolve(name)).isPresent());
          if (listed || inside || first(names, below).isPresent()) {
            splits.add(split);
          }
        });
    return splits.stream().sorted().toList();
  }
}
