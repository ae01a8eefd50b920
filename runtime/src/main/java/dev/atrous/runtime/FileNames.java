package dev.atrous.runtime;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Names of files that come from outside: arguments, lists, folders. */
public final class FileNames {
  private FileNames() {}

  /**
   * The path of a name.
   *
   * @param folder what the name is relative to
   * @throws AtrousException if no file can have that name, or this JVM can't express it
   */
  public static Path resolve(Path folder, String name) {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new AtrousException(problem(e), e);
    }
  }

  /** Why a text is no path, and what to do, in whole sentences. */
  public static String problem(InvalidPathException e) {
    String text = "'" + e.getInput() + "' can't be the name of a file: " + e.getReason() + ".";
    if (e.getInput().chars().allMatch(c -> c < 0x80 && c > 0)) {
      return text;
    }
    return text
        + " Java takes names of files for "
        + System.getProperty("sun.jnu.encoding")
        + ", as the locale says: set LC_ALL=C.UTF-8, or another locale of UTF-8, and run it again.";
  }
}
