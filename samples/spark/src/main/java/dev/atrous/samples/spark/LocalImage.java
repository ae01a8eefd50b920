package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.jspecify.annotations.Nullable;

/**
 * An image as a file of this machine: itself, or a copy that is deleted in the end.
 *
 * @param name the image's path as its row has it
 */
record LocalImage(String name, Path file, boolean isCopy) implements AutoCloseable {
  /**
   * The image of a row.
   *
   * @param path of a file that Hadoop can read; any name, if there is content
   * @param content of the file, where the row has it
   * @throws AtrousException if it can't be read; with an {@link IOException} as its cause, if it
   *     can't be copied
   */
  static LocalImage of(String path, byte @Nullable [] content, Configuration hadoop) {
    try {
      if (content != null) {
        return copy(path, new ByteArrayInputStream(content));
      }
      var stored = new org.apache.hadoop.fs.Path(path);
      if (!stored.isUriPathAbsolute()) {
        throw new AtrousException(
            "Image "
                + path
                + " is a relative path, which executors can't follow. Give whole paths.");
      }
      FileSystem files = stored.getFileSystem(hadoop);
      return MaskFolder.isLocal(files)
          ? new LocalImage(path, Path.of(stored.toUri().getPath()), false)
          : copy(path, files.open(stored));
    } catch (FileNotFoundException e) {
      throw new AtrousException("Image " + path + " doesn't exist. Check the path.");
    } catch (IOException | IllegalArgumentException e) { // the latter for what is no path
      if (WriteFailure.isFullDisk(e)) {
        throw WriteFailure.of("A copy of image " + path, e);
      }
      throw new AtrousException("Image " + path + " can't be read: " + e.getMessage() + ".");
    }
  }

  private static LocalImage copy(String path, InputStream content) throws IOException {
    Path copy = Files.createTempFile("atrous", "");
    boolean complete = false;
    try (content) {
      Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
      complete = true;
    } finally {
      if (!complete) {
        Files.delete(copy);
      }
    }
    return new LocalImage(path, copy, true);
  }

  /** A message in which the image has its own name in place of its copy's. */
  String named(String message) {
    return isCopy ? message.replace(file.toString(), name) : message;
  }

  /** An error that so names the image. */
  AtrousException named(AtrousException e) {
    Throwable cause = e.getCause();
    String message = named(String.valueOf(e.getMessage()));
    return cause == null ? new AtrousException(message) : new AtrousException(message, cause);
  }

  @Override
  public void close() {
    if (isCopy) {
      file.toFile().delete(); // at worst it stays in the executor's temporary folder
    }
  }
}
