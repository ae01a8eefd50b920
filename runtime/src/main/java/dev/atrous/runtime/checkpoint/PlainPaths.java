package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Prefixes of checkpoints as TensorFlow can read them: it takes a prefix for a pattern, in which
 * some characters match others. Folders with such names are read through a link without them, in
 * the folder for temporary files.
 */
final class PlainPaths {
  private static final String SPECIAL = File.separatorChar == '\\' ? "*?[]" : "*?[]\\";
  private static final Map<Path, Path> LINKS = new ConcurrentHashMap<>();

  private PlainPaths() {}

  /**
   * The prefix to give to TensorFlow.
   *
   * @throws AtrousException if there is none
   */
  static String of(Path prefix) {
    if (isPlain(prefix)) {
      return prefix.toString();
    }
    Path folder = prefix.toAbsolutePath().getParent();
    Path name = prefix.getFileName();
    if (folder == null || name == null || !isPlain(name)) {
      throw new AtrousException(problem(prefix));
    }
    return LINKS.computeIfAbsent(folder, f -> link(f, prefix)).resolve(name).toString();
  }

  private static boolean isPlain(Path path) {
    return path.toString().chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  private static Path link(Path folder, Path prefix) {
    try {
      Path parent = Files.createTempDirectory("atrous");
      parent.toFile().deleteOnExit();
      Path link = Files.createSymbolicLink(parent.resolve("checkpoints"), folder);
      link.toFile().deleteOnExit(); // before its folder
      return link;
    } catch (IOException | UnsupportedOperationException e) {
      throw new AtrousException(
          problem(prefix)
              + " A link in the folder for temporary files, which stands in for it, can't be made: %s; -Djava.io.tmpdir=FOLDER chooses another folder."
                  .formatted(e),
          e);
    }
  }

  private static String problem(Path prefix) {
    return "TensorFlow can't read the checkpoint %s, because its path has one of the characters %s. Rename or move it."
        .formatted(prefix, SPECIAL);
  }
}
