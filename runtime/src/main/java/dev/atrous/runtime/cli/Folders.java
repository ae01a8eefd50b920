package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Folders that results are written to. */
final class Folders {
  private Folders() {}

  /**
   * Makes a folder where it does not exist.
   *
   * @param what it is, for messages
   * @param folder null for the root of a file system, which exists
   * @throws AtrousException if that is not possible, or it can't be written
   */
  static void create(String what, @Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AtrousException(
          "The " + what + " " + folder + " can't be created: " + reason(e) + ". Choose another.",
          e);
    }
    if (!Files.isWritable(folder)) {
      throw new AtrousException(
          "The "
              + what
              + " "
              + folder
              + " can't be written. Change its permissions or choose another.");
    }
  }

  /** Why a file can't be used, in words. */
  static String reason(IOException e) {
    if (WriteFailure.isFullDisk(e)) {
      return "the disk is full";
    }
    if (e instanceof AccessDeniedException denied) {
      return "there is no permission for " + denied.getFile();
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is a file";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    return e.toString();
  }
}
