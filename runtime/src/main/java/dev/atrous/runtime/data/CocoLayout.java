package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * COCO's:
 *
 * <pre>
 * annotations/instances_train2017.json     or stuff_train2017.json, where there are no instances
 * train2017/NAME.jpg                       or images/train2017, or the names that the JSON has
 * </pre>
 *
 * <p>or as other programs write it: {@code train/_annotations.coco.json} beside the images. A split
 * is what comes after {@code instances_}, or its beginning: {@code train} for {@code train2017}.
 *
 * <p>With 21 classes, those of PASCAL VOC are learnt, and everything else is background, as in the
 * paper (section 4.1, "DeepLabv3 ... pretrained on MS-COCO"): of split train, the images with more
 * than 1000 annotated pixels. Otherwise all categories are classes, in the order of their ids.
 */
final class CocoLayout implements Layout {
  private static final String EXPORTED = "_annotations.coco.json";
  private static final String VOC_CLASSES = "coco-voc";
  private static final double LEAST_AREA = 1000;

  @Override
  public String name() {
    return "coco";
  }

  @Override
  public String title() {
    return "COCO";
  }

  @Override
  public Optional<String> sign(Path root) {
    return files(root).stream().findFirst().map(file -> "it has " + root.relativize(file));
  }

  /** The files of annotations, those of instances first. */
  private static List<Path> files(Path root) {
    List<Path> files = new ArrayList<>();
    for (String split : Folder.folders(root)) {
      Path exported = root.resolve(split).resolve(EXPORTED);
      if (Files.isRegularFile(exported)) {
        files.add(exported);
      }
    }
    Path annotations = root.resolve("annotations");
    if (Files.isDirectory(annotations)) {
      try (Stream<Path> all = Files.list(annotations)) {
        all.filter(file -> split(file).isPresent()).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new AtrousException("Folder " + annotations + " can't be listed: " + e + ".", e);
      }
    }
    return files;
  }

  /** What a file of annotations is of; empty if it is another file. */
  private static Optional<String> split(Path file) {
    String name = String.valueOf(file.getFileName());
    if (name.equals(EXPORTED)) {
      Path folder = file.getParent();
      return folder == null ? Optional.empty() : Optional.of(String.valueOf(folder.getFileName()));
    }
    return Stream.of("instances_", "stuff_")
        .filter(kind -> name.startsWith(kind) && name.endsWith(".json"))
        .map(kind -> name.substring(kind.length(), name.length() - ".json".length()))
        .findFirst();
  }

  @Override
  public Listing list(Path root, String split, double valShare) {
    List<Path> files = files(root);
    List<String> splits = files.stream().map(file -> split(file).orElseThrow()).toList();
    int index = splits.indexOf(split);
    for (int i = 0; index < 0 && i < splits.size(); i++) {
      index = splits.get(i).matches("\\Q" + split + "\\E[0-9]+") ? i : -1;
    }
    if (index < 0) {
      throw Layouts.noSplit(root, split, "file of its annotations", splits);
    }
    CocoFile coco = CocoFile.read(files.get(index));
    return new CocoListing(coco, images(root, files.get(index), splits.get(index)), split);
  }

  private static Path images(Path root, Path annotations, String split) {
    return annotations.endsWith(EXPORTED)
        ? root.resolve(split)
        : Stream.of(root.resolve(split), root.resolve("images").resolve(split))
            .filter(Files::isDirectory)
            .findFirst()
            .orElse(root);
  }

  /** What a file of annotations lists. */
  private record CocoListing(CocoFile coco, Path images, String split) implements Listing {
    @Override
    public Path source() {
      return coco.path();
    }

    @Override
    public LabelRules labels(int classes) {
      SortedMap<Integer, String> categories = new TreeMap<>(coco.categories());
      if (!coco.isUsed(0)) { // as that of some programs, which stands for all the others
        categories.remove(0);
      }
      if (classes == 21 && "person".equals(categories.get(1)) && categories.containsKey(72)) {
        return LabelRules.read(VOC_CLASSES, classes, List.of());
      }
      boolean background = classes == categories.size() + 1;
      if (!background && classes != categories.size()) {
        throw new AtrousException(
            "%s has %d categories, and the model has %d classes. Set classes to %d, with a background, or to %d without; or say which category ids are which classes with --labels FILE."
                .formatted(
                    coco.path(),
                    categories.size(),
                    classes,
                    categories.size() + 1,
                    categories.size()));
      }
      StringBuilder rules = new StringBuilder(background ? "0 = 0 background" : "0 = ignore");
      int label = background ? 1 : 0;
      for (var category : categories.entrySet()) {
        if (category.getKey() == 0) {
          throw new AtrousException(
              "%s has a category with the id 0, which stands for pixels without one. Number categories from 1."
                  .formatted(coco.path()));
        }
        rules.append("\n%d = %d %s".formatted(category.getKey(), label++, category.getValue()));
      }
      return LabelRules.parse("categories", rules.toString(), classes);
    }

    @Override
    public List<Sample> samples(LabelRules rules) {
      Predicate<CocoFile.Image> isLeftOut = leftOut(rules);
      List<Sample> samples = new ArrayList<>();
      for (CocoFile.Image image : coco.images()) {
        if (!isLeftOut.test(image)) {
          samples.add(
              new Sample(
                  ImageFolder.withoutSuffix(image.name()),
                  Folder.child(images, image.name()),
                  new CocoLabels(coco, image)));
        }
      }
      if (samples.isEmpty()) {
        throw new AtrousException(
            "No image of " + coco.path() + " has more than 1000 pixels of the classes.");
      }
      return samples;
    }

    private static boolean isOfVoc(LabelRules rules) {
      return rules.classes() == 21
          && rules.text().equals(LabelRules.read(VOC_CLASSES, 21, List.of()).text());
    }

    /** Which images the paper's rule leaves out: none, unless these are VOC's classes. */
    private Predicate<CocoFile.Image> leftOut(LabelRules rules) {
      return split.startsWith("train") && isOfVoc(rules)
          ? image -> !(image.area(category -> rules.label(category) > 0) > LEAST_AREA)
          : image -> false;
    }

    @Override
    public List<String> remarks(LabelRules rules) {
      long leftOut = coco.images().stream().filter(leftOut(rules)).count();
      return leftOut == 0
          ? List.of()
          : List.of(
              "%d of %d images have at most 1000 pixels of PASCAL VOC's classes and are left out, as in the paper."
                  .formatted(leftOut, coco.images().size()));
    }
  }
}
