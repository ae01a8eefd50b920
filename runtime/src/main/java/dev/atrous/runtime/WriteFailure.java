package dev.atrous.runtime;

import java.io.IOException;
import java.util.stream.Stream;

/** That something could not be written. */
public final class WriteFailure {
  /** What systems call it, and TensorFlow after them. */
  private static final String[] FULL = {
    "No space left on device", "not enough space on the disk", "Disk quota exceeded"
  };

  private WriteFailure() {}

  /** Whether an exception, or one that caused it, comes of a full disk. */
  public static boolean isFullDisk(Throwable thrown) {
    return Stream.iterate(thrown, e -> e != null, Throwable::getCause)
        .map(e -> String.valueOf(e.getMessage()))
        .anyMatch(message -> Stream.of(FULL).anyMatch(message::contains));
  }

  /**
   * What to tell the user.
   *
   * @param what it is, the beginning of a sentence: {@code The checkpoint runs/voc/model-10}
   */
  public static AtrousException of(String what, Exception cause) {
    return new AtrousException(what + " could not be written: " + reason(cause), cause);
  }

  private static String reason(Exception cause) {
    if (isFullDisk(cause)) {
      return "the disk is full. Make room, or choose a folder on another disk.";
    }
    // What Java's exceptions of files say without their type is mostly the file alone.
    return (cause instanceof IOException ? cause : cause.getMessage())
        + "\nCheck the folder and its disk.";
  }
}
