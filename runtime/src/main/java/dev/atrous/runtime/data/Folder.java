package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Folders of a data set, and what lies below. */
final class Folder {
  private Folder() {}

  /** A folder in another by its name, which comes from outside. */
  static Path child(Path folder, String name) {
    return FileNames.resolve(folder, name);
  }

  /**
   * The image files of a folder and of those below, in the order of their paths; hidden ones are
   * passed over.
   *
   * @throws AtrousException if the folder can't be listed or has no image
   */
  static List<Path> images(Path folder) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> images =
          files
              .filter(file -> isVisible(folder.relativize(file)) && ImageFolder.isImage(file))
              .sorted()
              .toList();
      if (images.isEmpty()) {
        throw new AtrousException("Folder " + folder + " has no image, nor have those below.");
      }
      return images;
    } catch (IOException | UncheckedIOException e) {
      throw new AtrousException("Folder " + folder + " can't be listed: " + e + ".", e);
    }
  }

  private static boolean isVisible(Path relative) {
    return StreamSupport.stream(relative.spliterator(), false)
        .noneMatch(name -> name.toString().startsWith("."));
  }

  /** The names of the folders in a folder, in order; none if it is not there. */
  static List<String> folders(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isDirectory)
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AtrousException("Folder " + folder + " can't be listed: " + e + ".", e);
    }
  }

  /** The path of an image below a folder, with {@code /}, without the suffix of images. */
  static String name(Path folder, Path image) {
    String path =
        StreamSupport.stream(folder.relativize(image).spliterator(), false)
            .map(Path::toString)
            .collect(Collectors.joining("/"));
    return ImageFolder.withoutSuffix(path);
  }
}
