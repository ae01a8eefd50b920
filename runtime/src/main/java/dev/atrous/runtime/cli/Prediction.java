package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import dev.atrous.runtime.data.ImageFolder;
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
 * @param mask to write
 * @param overlay to write
 */
record Prediction(Path image, Path mask, Path overlay) {
  /**
   * What there is to do for files and folders. Of a folder, the image files directly in it are
   * taken, by name. A file that is named twice is predicted once.
   *
   * @param folder where masks and overlays go
   * @throws AtrousException if an input does not exist, or a file would be written twice or over an
   *     input
   */
  static List<Prediction> plan(List<Path> inputs, Path folder) {
    List<Prediction> predictions = new ArrayList<>();
    Map<Path, Path> images = distinct(inputs);
    Path real = real(folder);
    Map<Path, Path> sources = new HashMap<>(); // of each file that will be written
    for (Path image : images.values()) {
      String name = base(image);
      for (String file : List.of(name + ".png", name + "_overlay.png")) {
        Path target = FileNames.resolve(real, file);
        Path other = sources.put(target, image);
        if (other != null) {
          throw new AtrousException(
              "Both %s and %s would be written to %s. Rename one, or predict them into different folders."
                  .formatted(other, image, folder.resolve(file)));
        }
        if (images.containsKey(target)) {
          throw new AtrousException(
              "The prediction of %s would overwrite the input %s. Choose another --output."
                  .formatted(image, images.get(target)));
        }
      }
      predictions.add(
          new Prediction(
              image, folder.resolve(name + ".png"), folder.resolve(name + "_overlay.png")));
    }
    return predictions;
  }

  /** The image files as they were named, by their real path. */
  private static Map<Path, Path> distinct(Collection<Path> inputs) {
    Map<Path, Path> images = new LinkedHashMap<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        ImageFolder.images(input).forEach(image -> images.putIfAbsent(real(image), image));
      } else if (Files.isRegularFile(input)) {
        images.putIfAbsent(real(input), input);
      } else {
        throw new AtrousException("Image " + input + " doesn't exist. Check the path.");
      }
    }
    return images;
  }

  /** The file name without its extension. */
  private static String base(Path image) {
    String name = String.valueOf(image.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) { // it doesn't exist yet
      return path.toAbsolutePath().normalize();
    }
  }
}
