package dev.atrous.runtime.data;

import dev.atrous.runtime.WriteFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An array of float32 in NumPy's format, version 1.0, that is written from its beginning to its
 * end, so that it need not be in memory. It appears complete or not at all.
 */
final class NpyFile implements AutoCloseable {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64; // of the values
  private static final int AT_ONCE = 1 << 14; // values

  private final PartialFile file;

  /**
   * Begins a file.
   *
   * @throws dev.atrous.runtime.AtrousException if it can't be written; the message names it
   */
  NpyFile(Path path, int height, int width, int classes) {
    PartialFile begun = null;
    try {
      begun = new PartialFile(path);
      begun.out().write(header(height, width, classes));
    } catch (IOException e) {
      if (begun != null) {
        begun.close();
      }
      throw failure(path, e);
    }
    file = begun;
  }

  private static byte[] header(int height, int width, int classes) {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d, %d), }"
            .formatted(height, width, classes);
    int before = MAGIC.length + Short.BYTES;
    int length = before + text.length() + 1;
    int padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    String line = text + " ".repeat(padding) + "\n";
    return ByteBuffer.allocate(before + line.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) line.length())
        .put(line.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /**
   * Writes the next values.
   *
   * @throws dev.atrous.runtime.AtrousException if they can't be written; the message names the file
   */
  void write(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (int at = 0; at < values.length; at += AT_ONCE) {
        int count = Math.min(AT_ONCE, values.length - at);
        bytes.asFloatBuffer().put(values, at, count);
        file.out().write(bytes.array(), 0, Float.BYTES * count);
      }
    } catch (IOException e) {
      throw failure(file.target(), e);
    }
  }

  private static RuntimeException failure(Path file, IOException e) {
    return WriteFailure.of("The array " + file, e);
  }

  /** Puts the file in its place, when all values are written. */
  void finish() {
    try {
      file.finish();
    } catch (IOException e) {
      throw failure(file.target(), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
