package dev.atrous.runtime.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file for ImageIO, read through a buffer. ImageIO's own has none, and goes through {@link
 * java.io.File}, which does not know every name that a {@link Path} can have.
 */
final class FileInput extends ImageInputStreamImpl {
  private static final int BUFFER_BYTES = 1 << 14;

  private final SeekableByteChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final byte[] head; // what stands in place of the beginning of the file
  private final long rest; // where the file goes on behind that
  private final byte[] patch; // what stands in place of some bytes
  private final long patchAt;
  private long bufferStart;

  FileInput(Path file) throws IOException {
    this(Files.newByteChannel(file), new byte[0], 0, new byte[0], 0);
  }

  private FileInput(
      SeekableByteChannel channel, byte[] head, long rest, byte[] patch, long patchAt) {
    this.channel = channel;
    this.head = head;
    this.rest = rest;
    this.patch = patch;
    this.patchAt = patchAt;
  }

  /**
   * The file with another beginning. It is closed with this input, and not used at the same time.
   *
   * @param newHead in place of what stands before {@code from}
   */
  FileInput withHead(byte[] newHead, long from) {
    return new FileInput(channel, newHead, from, new byte[0], 0);
  }

  /**
   * The file with other bytes in one place. It is closed with this input, and not used at the same
   * time.
   *
   * @param bytes in place of those from {@code at} on
   */
  FileInput withBytes(byte[] bytes, long at) {
    return new FileInput(channel, head, rest, bytes, at);
  }

  @Override
  public int read() throws IOException {
    checkClosed();
    bitOffset = 0;
    if (!fill()) {
      return -1;
    }
    streamPos++;
    return buffer.get() & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    checkClosed();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    streamPos += count;
    return count;
  }

  /** Makes the next byte that of the buffer; false at the end of the file. */
  private boolean fill() throws IOException {
    long at = streamPos - bufferStart;
    if (at >= 0 && at < buffer.limit()) {
      buffer.position((int) at);
      return true;
    }
    bufferStart = streamPos;
    buffer.clear();
    if (streamPos < head.length) {
      int from = (int) streamPos;
      buffer.put(head, from, Math.min(buffer.remaining(), head.length - from)).flip();
      return true;
    }
    channel.position(rest + streamPos - head.length);
    int count = channel.read(buffer);
    buffer.flip();
    for (int i = 0; i < patch.length; i++) {
      long place = patchAt + i - bufferStart;
      if (place >= 0 && place < buffer.limit()) {
        buffer.put((int) place, patch[i]);
      }
    }
    return count > 0;
  }

  /** All bytes of the file. */
  byte[] readAll() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(length())];
    ByteBuffer target = ByteBuffer.wrap(bytes);
    channel.position(0);
    while (target.hasRemaining() && channel.read(target) >= 0) {
      // until it is full
    }
    return bytes;
  }

  @Override
  public long length() {
    try {
      return head.length + channel.size() - rest;
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    channel.close();
  }
}
