package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The image files of a folder: those with a suffix of an image, in upper or lower case, without
 * hidden ones. Folders below are looked at when a name asks for them.
 */
public final class ImageFolder {
  private final Path folder;
  private final List<String> preferred;
  private final Map<Path, Map<String, List<Path>>> files = new HashMap<>();

  /**
   * @param preferred suffixes to look for first where files differ in that alone
   */
  ImageFolder(Path folder, String... preferred) {
    this.folder = folder;
    List<String> order = new ArrayList<>(List.of(preferred));
    ImageFormat.SUFFIXES.stream().filter(suffix -> !order.contains(suffix)).forEach(order::add);
    this.preferred = order;
  }

  Path path() {
    return folder;
  }

  /**
   * The image files in a folder and in those below it, by name, without hidden folders. Formats
   * that are known and not read are among them, so that none is passed over without a word.
   *
   * @param without a folder that is not looked into, unless it is the folder itself
   * @throws AtrousException if the folder can't be listed or has no image
   */
  public static List<Path> tree(Path folder, Path without) {
    List<Path> images = new ArrayList<>();
    collect(folder, without, new HashSet<>(), images);
    if (images.isEmpty()) {
      throw new AtrousException(
          "Folder %s has no image, nor have folders below: no file ends in one of %s, in upper or lower case."
              .formatted(folder, String.join(", ", ImageFormat.SUFFIXES)));
    }
    return images;
  }

  private static void collect(Path folder, Path without, Set<Path> seen, Collection<Path> images) {
    for (Path file : list(folder).sorted().toList()) {
      if (isImage(file)) {
        images.add(file);
      } else if (Files.isDirectory(file) && !name(file).startsWith(".")) {
        Path real = real(file);
        if (!real.equals(without) && seen.add(real)) { // links may lead back
          collect(file, without, seen, images);
        }
      }
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new AtrousException("Folder " + folder + " can't be listed: " + e + ".", e);
    }
  }

  private static Stream<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (IOException | UncheckedIOException e) {
      throw new AtrousException("Folder " + folder + " can't be listed: " + e + ".", e);
    }
  }

  static boolean isImage(Path file) {
    return hasImageName(name(file)) && Files.isRegularFile(file);
  }

  /**
   * Whether a file of a folder is taken for an image.
   *
   * @param name of the file, without folders
   */
  public static boolean hasImageName(String name) {
    return suffix(name).isPresent() && !name.startsWith(".");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Optional<String> suffix(Path file) {
    return suffix(name(file));
  }

  /** The suffix of an image in lower case. */
  static Optional<String> suffix(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ImageFormat.SUFFIXES.stream().filter(lower::endsWith).findFirst();
  }

  /** A name without the suffix of an image. */
  static String withoutSuffix(String name) {
    return name.substring(0, name.length() - suffix(name).map(String::length).orElse(0));
  }

  /**
   * The file of an ID.
   *
   * @param id a name with or without suffix, relative to the folder
   * @throws AtrousException if no file can have that name
   */
  Optional<Path> find(String id) {
    Path exact = FileNames.resolve(folder, id);
    if (suffix(exact).isPresent() && Files.isRegularFile(exact)) {
      return Optional.of(exact);
    }
    Path parent = exact.getParent();
    if (parent == null || exact.getFileName() == null) {
      return Optional.empty();
    }
    List<Path> candidates =
        files.computeIfAbsent(parent, ImageFolder::byName).getOrDefault(name(exact), List.of());
    return preferred.stream()
        .flatMap(
            suffix -> candidates.stream().filter(file -> suffix(file).equals(Optional.of(suffix))))
        .findFirst();
  }

  private static Map<String, List<Path>> byName(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    Map<String, List<Path>> files = new HashMap<>();
    list(folder)
        .filter(file -> suffix(file).isPresent())
        .sorted()
        .forEach(
            file ->
                files
                    .computeIfAbsent(withoutSuffix(name(file)), name -> new ArrayList<>())
                    .add(file));
    return files;
  }
}
