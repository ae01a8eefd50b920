package dev.atrous.runtime.checkpoint;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Small files that are complete on the disk or not there, whatever happens. They are not written
 * with channels, which an interrupt of the thread would close.
 */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Writes a file, or replaces it.
   *
   * @throws IOException if the disk does not take it; what was there before remains
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      write(next, bytes, false);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(next); // it may be what fills the disk
      throw e;
    }
  }

  /** Has the system write what it holds of a file to the disk itself. */
  static void force(Path file) throws IOException {
    write(file, new byte[0], true);
  }

  private static void write(Path file, byte[] bytes, boolean append) throws IOException {
    try (FileOutputStream out = new FileOutputStream(file.toFile(), append)) {
      out.write(bytes);
      out.getFD().sync();
    }
  }
}
