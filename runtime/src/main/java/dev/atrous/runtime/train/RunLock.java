package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That one training alone writes to a directory. The system holds the lock, on {@code run.lock}
 * there, for as long as the process lives: what a dead process leaves behind locks nothing. In the
 * file stands who has it.
 */
public final class RunLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunLock.class);
  private static final String NAME = "run.lock";

  /** Behind the text: on Windows nobody could read what is locked. */
  private static final long POSITION = Long.MAX_VALUE - 1;

  /**
   * Who has the directories that this process locked. Locks are the process's, and it loses one
   * when it closes the file, however often it is open.
   */
  private static final Map<Path, String> OWN = new ConcurrentHashMap<>();

  private final Path directory;
  private final RandomAccessFile file;
  private final @Nullable FileLock lock;

  private RunLock(Path directory, RandomAccessFile file, @Nullable FileLock lock) {
    this.directory = directory;
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes the directory. Where the file system has no locks, it is taken all the same; the log says
   * so.
   *
   * @param output exists
   * @throws AtrousException if another training has it, in this process or another
   */
  static RunLock of(Path output) {
    String holder =
        "process %d, since %s"
            .formatted(
                ProcessHandle.current().pid(), Instant.now().truncatedTo(ChronoUnit.SECONDS));
    try {
      Path directory = output.toRealPath();
      String other = OWN.putIfAbsent(directory, holder);
      if (other != null) {
        throw taken(output, other);
      }
      try {
        return lock(output, directory, holder);
      } catch (IOException | RuntimeException e) {
        OWN.remove(directory);
        throw e;
      }
    } catch (IOException e) {
      throw WriteFailure.of("The lock of the output directory " + output, e);
    }
  }

  private static RunLock lock(Path output, Path directory, String holder) throws IOException {
    RandomAccessFile file = new RandomAccessFile(directory.resolve(NAME).toFile(), "rw");
    try {
      FileLock lock = null;
      try {
        lock = file.getChannel().tryLock(POSITION, 1, false);
        if (lock == null) {
          throw taken(output, read(file));
        }
      } catch (IOException e) {
        log.warn(
            "{} has no locks ({}): make sure that no other training writes to it", directory, e);
      }
      file.setLength(0);
      file.write(holder.getBytes(StandardCharsets.UTF_8));
      return new RunLock(directory, file, lock);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static String read(RandomAccessFile file) throws IOException {
    byte[] text = new byte[(int) Math.min(file.length(), 200)];
    file.readFully(text);
    return text.length == 0 ? "another process" : new String(text, StandardCharsets.UTF_8);
  }

  private static AtrousException taken(Path output, String holder) {
    return new AtrousException(
        "A training (%s) is writing to %s. Wait until it ends, end it, or choose another output directory."
            .formatted(holder, output));
  }

  /**
   * Checks that no training has a directory, which need not exist; a training that starts takes it
   * for itself.
   *
   * @throws AtrousException if one has
   */
  public static void requireFree(Path output) {
    if (Files.isRegularFile(output.resolve(NAME))) {
      of(output).close();
    }
  }

  /** Lets another training have the directory. Does no harm when repeated. */
  @Override
  public void close() {
    if (OWN.remove(directory) == null) {
      return;
    }
    try (file) {
      file.setLength(0);
      if (lock != null) {
        lock.release();
      }
    } catch (IOException e) {
      log.warn("the lock of {} could not be released in order", directory, e);
    }
  }
}
