package dev.atrous.runtime.weights;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A file, read a range at a time. No range is larger than the file, so memory is neither. */
final class FileBytes implements Closeable {
  private final RandomAccessFile file;
  private final long size;

  FileBytes(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
    try {
      size = file.length();
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  long size() {
    return size;
  }

  /**
   * A part of the file, little-endian.
   *
   * @throws FormatException if the file does not have it, or it is larger than an array can be
   */
  ByteBuffer read(long offset, long length) throws IOException, FormatException {
    if (offset < 0 || length < 0 || offset > size || length > size - offset) {
      throw FormatException.damaged(
          "Bytes %d to %d of the file are used, but it has %d"
              .formatted(offset, offset + length, size));
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw FormatException.refused(
          "One part of the file has " + length + " bytes",
          "Parts of up to 2 GB are read; a network of the kinds that are imported has 0.3 GB in all.");
    }
    byte[] bytes = new byte[(int) length];
    synchronized (file) {
      file.seek(offset);
      file.readFully(bytes);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
