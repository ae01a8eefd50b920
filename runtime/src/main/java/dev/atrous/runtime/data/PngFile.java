package dev.atrous.runtime.data;

import dev.atrous.runtime.WriteFailure;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * A PNG that is written row by row, so that its pixels need not be in memory, and that is never
 * seen half-written: see {@link PartialFile}.
 *
 * <pre>{@code
 * try (PngFile png = PngFile.rgb(file, width, height)) {
 *   png.write(rows); // until there are as many as the height
 *   png.finish();
 * }
 * }</pre>
 */
final class PngFile implements AutoCloseable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int COMPRESSION = 4; // photos get no smaller by more, only slower

  private final PartialFile place;
  private final int rowBytes;
  private final PngFilter filter;
  private final Deflater deflater = new Deflater(COMPRESSION);
  private final DataOutputStream file;
  private final OutputStream pixels;

  /** A picture, three bytes a pixel. */
  static PngFile rgb(Path file, int width, int height) {
    return new PngFile(file, width, height, RGB, 3, Optional.empty());
  }

  /** Grey values, a byte a pixel. */
  static PngFile grey(Path file, int width, int height) {
    return new PngFile(file, width, height, GREY, 1, Optional.empty());
  }

  /** A mask, as many bytes a pixel as {@link MaskValues#of} gives. */
  static PngFile mask(Path file, int width, int height, MaskValues values) {
    Optional<byte[]> palette = values.palette();
    return new PngFile(
        file, width, height, palette.isPresent() ? PALETTE : GREY, values.bytes(), palette);
  }

  /**
   * @param bytes of a pixel
   * @param palette three bytes for each colour
   */
  private PngFile(Path path, int width, int height, int type, int bytes, Optional<byte[]> palette) {
    rowBytes = bytes * width;
    filter = new PngFilter(rowBytes, type == RGB ? bytes : 0);
    try {
      place = new PartialFile(path);
    } catch (IOException e) {
      throw failure(path.toAbsolutePath(), e);
    }
    file = new DataOutputStream(place.out());
    pixels = new DeflaterOutputStream(new DataChunks(), deflater, CHUNK_BYTES);
    try {
      file.write(SIGNATURE);
      ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
      chunk("IHDR", header.put((byte) (bytes == 2 ? 16 : 8)).put((byte) type).array());
      if (palette.isPresent()) {
        chunk("PLTE", palette.get());
      }
    } catch (IOException e) {
      close();
      throw failure(place.target(), e);
    }
  }

  private static RuntimeException failure(Path target, IOException e) {
    return WriteFailure.of("Image " + target, e);
  }

  private void chunk(String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    file.writeInt(content.length);
    file.write(name);
    file.write(content);
    file.writeInt((int) check.getValue());
  }

  /** Collects compressed bytes for chunks of pixels. */
  private final class DataChunks extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * CHUNK_BYTES);

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
      bytes.write(content, offset, length);
      if (bytes.size() >= CHUNK_BYTES) {
        writeChunk();
      }
    }

    private void writeChunk() throws IOException {
      chunk("IDAT", bytes.toByteArray());
      bytes.reset();
    }

    @Override
    public void close() throws IOException {
      if (bytes.size() > 0) {
        writeChunk();
      }
    }
  }

  /**
   * Writes the next rows.
   *
   * @param rows whole ones, as many as there are
   * @throws dev.atrous.runtime.AtrousException if they can't be written; the message names the file
   */
  void write(byte[] rows) {
    try {
      for (int at = 0; at < rows.length; at += rowBytes) {
        pixels.write(filter.filtered(rows, at));
      }
    } catch (IOException e) {
      throw failure(place.target(), e);
    }
  }

  /** Completes the file, when all rows are written, and puts it in its place. */
  void finish() {
    try {
      pixels.close();
      chunk("IEND", new byte[0]);
      file.flush();
      place.finish();
    } catch (IOException e) {
      throw failure(place.target(), e);
    }
  }

  /** Leaves nothing behind of a file that was not finished. */
  @Override
  public void close() {
    deflater.end();
    place.close();
  }
}
