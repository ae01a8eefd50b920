package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A file that a command writes its results to. */
final class OutputFile {
  private final String what;
  private final String target;
  private final Path file;

  /**
   * Makes the folder of the file where need be, so that a long run does not end with an error.
   *
   * @param what it is, for messages: {@code JSON file}
   * @param target its path
   * @throws AtrousException if the file can't be written
   */
  OutputFile(String what, String target) {
    this.what = what;
    this.target = target;
    this.file = path(what, target);
    if (Files.isDirectory(file)) {
      throw new AtrousException("The " + what + " " + target + " is a directory.");
    }
    Folders.create("folder of the " + what, file.getParent());
  }

  private static Path path(String what, String target) {
    try {
      return Path.of(target).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new AtrousException(
          "The " + what + " '" + target + "' can't be the name of a file: " + e.getReason() + ".",
          e);
    }
  }

  /**
   * Writes the text as UTF-8. The file appears complete or not at all.
   *
   * @throws AtrousException if it can't be written
   */
  void write(String text) {
    Path partial = file.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(partial, text);
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AtrousException(
          "The " + what + " " + target + " can't be written: " + Folders.reason(e) + ".", e);
    } finally {
      partial.toFile().delete(); // no longer there unless something failed
    }
  }
}
