package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import dev.atrous.runtime.data.ImageFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image to predict and the files to write for it.
 *
 * @param image the input
 * @param name of the files to write, in front of what tells them apart
 */
record Prediction(Path image, Path name) {
  /** The colours of the classes, in the folder of all predictions. */
  static final String LEGEND = "overlay_legend.png";

  /** An image as it was named, and its name in the folder of predictions, without suffix. */
  private record Named(Path image, String name) {}

  /** The label of each pixel. */
  Path mask() {
    return with(".png");
  }

  /** The labels over the image. */
  Path overlay() {
    return with("_overlay.png");
  }

  /** How probable the label of each pixel is. */
  Path probability() {
    return with("_probability.png");
  }

  /** How probable each class is at each pixel. */
  Path probabilities() {
    return with("_probabilities.npy");
  }

  private Path with(String suffix) {
    return name.resolveSibling(name.getFileName() + suffix);
  }

  private List<Path> files(boolean withProbabilities) {
    return withProbabilities
        ? List.of(mask(), overlay(), probability(), probabilities())
        : List.of(mask(), overlay());
  }

  /**
   * What there is to do for files and folders. Of a folder, the image files in it and in folders
   * below are taken, by name, and keep their places below. A file that is named twice is predicted
   * once.
   *
   * @param folder where masks and overlays go; what is in it is no input of a folder around it
   * @param withProbabilities whether their files are written too
   * @throws AtrousException if an input does not exist, or a file would be written twice or over an
   *     input
   */
  static List<Prediction> plan(List<Path> inputs, Path folder, boolean withProbabilities) {
    List<Prediction> predictions = new ArrayList<>();
    Path real = real(folder);
    Map<Path, Named> images = distinct(inputs, real);
    Map<Path, Path> sources = new HashMap<>(); // of each file that will be written
    sources.put(real.resolve(LEGEND), Path.of("the legend"));
    for (Named image : images.values()) {
      Prediction target = new Prediction(image.image(), FileNames.resolve(real, image.name()));
      for (Path file : target.files(withProbabilities)) {
        Path other = sources.put(file, image.image());
        if (other != null) {
          throw new AtrousException(
              "Both %s and %s would be written to %s. Rename one, or predict them into different folders."
                  .formatted(other, image.image(), folder.resolve(real.relativize(file))));
        }
        Named overwritten = images.get(file);
        if (overwritten != null) {
          throw new AtrousException(
              "The prediction of %s would overwrite the input %s. Choose another --output."
                  .formatted(image.image(), overwritten.image()));
        }
      }
      predictions.add(new Prediction(image.image(), folder.resolve(image.name())));
    }
    return predictions;
  }

  /** The image files, by their real path. */
  private static Map<Path, Named> distinct(Collection<Path> inputs, Path output) {
    Map<Path, Named> images = new LinkedHashMap<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        for (Path image : ImageFolder.tree(input, output)) {
          String name = String.valueOf(input.relativize(image));
          images.putIfAbsent(real(image), new Named(image, base(name)));
        }
      } else if (Files.isRegularFile(input)) {
        String name = String.valueOf(input.getFileName());
        images.putIfAbsent(real(input), new Named(input, base(name)));
      } else {
        throw new AtrousException("Image " + input + " doesn't exist. Check the path.");
      }
    }
    return images;
  }

  /** A name without the extension of its file. */
  private static String base(String path) {
    int file = Math.max(path.lastIndexOf('/'), path.lastIndexOf(File.separatorChar)) + 1;
    int dot = path.lastIndexOf('.');
    return dot > file ? path.substring(0, dot) : path;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) { // it doesn't exist yet
      return path.toAbsolutePath().normalize();
    }
  }
}
