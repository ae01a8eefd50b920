package dev.atrous.runtime.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is never seen half-written: it goes to a temporary file beside the target, which is
 * then moved over it.
 */
final class PartialFile implements AutoCloseable {
  private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

  static {
    Thread cleaner =
        new Thread(() -> UNFINISHED.forEach(file -> file.toFile().delete()), "atrous-files");
    Runtime.getRuntime().addShutdownHook(cleaner); // Ctrl-C leaves nothing either
  }

  private final Path target;
  private final Path partial;
  private final OutputStream out;

  /** Begins a file; makes its folder if need be. */
  PartialFile(Path path) throws IOException {
    target = path.toAbsolutePath();
    partial = target.resolveSibling("." + UUID.randomUUID() + ".part");
    UNFINISHED.add(partial);
    try {
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      out = new BufferedOutputStream(Files.newOutputStream(partial));
    } catch (IOException e) {
      UNFINISHED.remove(partial);
      throw e;
    }
  }

  Path target() {
    return target;
  }

  /** Where the content goes. */
  OutputStream out() {
    return out;
  }

  /** Puts the file in its place, when it is complete. */
  void finish() throws IOException {
    out.close();
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Leaves nothing behind of a file that was not finished. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      // it is thrown away, or was written before
    } finally {
      partial.toFile().delete(); // no longer there if it was finished
      UNFINISHED.remove(partial);
    }
  }
}
