package dev.atrous.runtime.tensorflow;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bytedeco.javacpp.Loader;

/**
 * A folder that native libraries are written to and loaded from.
 *
 * @param path absolute; it need not exist
 * @param property the system property that chooses another folder
 */
public record NativeFolder(Path path, String property) {
  private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final String TEMPORARY_PROPERTY = "java.io.tmpdir";
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  /** Where libraries of the class path are unpacked, once for each user. */
  public static NativeFolder cache() {
    Path folder;
    try {
      folder = Loader.getCacheDir().toPath();
    } catch (IOException e) { // none of those that JavaCPP tries can be used: this is the first
      folder =
          Path.of(
              Optional.ofNullable(System.getProperty(CACHE_PROPERTY))
                  .orElse(System.getProperty("user.home") + "/.javacpp/cache"));
    }
    return new NativeFolder(folder.toAbsolutePath(), CACHE_PROPERTY);
  }

  /** Where temporary files go. */
  public static NativeFolder temporary() {
    return new NativeFolder(
        Path.of(System.getProperty(TEMPORARY_PROPERTY)).toAbsolutePath(), TEMPORARY_PROPERTY);
  }

  /** Bytes that can be written; 0 if that is not known. */
  public long usable() {
    try {
      return Files.getFileStore(existing()).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Why nothing can be written to it and loaded from it, and what to do, in a sentence or two;
   * empty if nothing speaks against it.
   *
   * @param bytes that are to be written
   */
  public Optional<String> problem(long bytes) {
    if (usable() < bytes) {
      return Optional.of(
          "The folder %s has %s left, and %s are needed. %s"
              .formatted(path, size(usable()), size(bytes), remedy("Make room")));
    }
    if (property.equals(TEMPORARY_PROPERTY) && !Files.isDirectory(path)) {
      return Optional.of("The folder %s is not there. %s".formatted(path, remedy("Make it")));
    }
    try {
      Files.delete(Files.createTempFile(existing(), "atrous", null));
    } catch (IOException e) {
      return Optional.of(
          "The folder %s can't be written: %s. %s"
              .formatted(path, reason(e), remedy("Make it writable")));
    }
    if (isNoExec()) {
      return Optional.of(
          "The folder %s is mounted noexec: no library can be loaded from it. %s"
              .formatted(path, remedy("Mount it with exec")));
    }
    return Optional.empty();
  }

  /**
   * What JavaCPP still has to write to unpack libraries of the class path.
   *
   * @param library one of them; the others are in the same folder of its jar
   * @param names of those that are wanted
   * @return bytes; 0 where the library is in no jar
   * @throws IOException if the jar can't be read
   */
  long toUnpack(URL library, Predicate<String> names) throws IOException {
    if (!(library.openConnection() instanceof JarURLConnection connection)) {
      return 0;
    }
    JarFile jar = connection.getJarFile();
    Path folder = Path.of(connection.getEntryName()).resolveSibling("");
    Path unpacked = path.resolve(Path.of(jar.getName()).getFileName()).resolve(folder);
    long bytes = 0;
    for (JarEntry entry : Collections.list(jar.entries())) {
      Path file = Path.of(entry.getName());
      boolean wanted =
          !entry.isDirectory()
              && folder.equals(file.resolveSibling(""))
              && names.test(file.getFileName().toString());
      Path present = unpacked.resolve(file.getFileName());
      if (wanted && !(Files.exists(present) && Files.size(present) == entry.getSize())) {
        bytes += entry.getSize();
      }
    }
    return bytes;
  }

  private String remedy(String first) {
    return first + ", or choose another folder with -D" + property + "=FOLDER.";
  }

  private static String reason(IOException e) {
    return e.getClass() == IOException.class
        ? String.valueOf(e.getMessage())
        : e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
  }

  /** Itself, or the nearest folder above it that exists. */
  private Path existing() {
    Path folder = path;
    while (!Files.exists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }

  private boolean isNoExec() {
    try {
      return isNoExec(existing().toRealPath(), Files.readAllLines(MOUNTS));
    } catch (IOException e) {
      return false; // not on Linux
    }
  }

  /**
   * @param real with symbolic links resolved
   * @param mounts lines of {@code /proc/mounts}: device, folder, kind, options
   */
  static boolean isNoExec(Path real, List<String> mounts) {
    List<String[]> above = new ArrayList<>();
    for (String line : mounts) {
      String[] mount = line.split(" ", -1);
      if (mount.length > 3 && real.startsWith(mount[1].replace("\\040", " "))) {
        above.add(mount);
      }
    }
    // Of several at one place, the last hides the others.
    return above.stream()
        .max(Comparator.comparingInt(mount -> mount[1].length()))
        .map(nearest -> above.stream().filter(m -> m[1].equals(nearest[1])).toList())
        .map(same -> List.of(same.get(same.size() - 1)[3].split(",", -1)).contains("noexec"))
        .orElse(false);
  }

  /** For people: {@code 2.3 GB}. */
  public static String size(long bytes) {
    return bytes < 1_000_000_000
        ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
