package dev.atrous.runtime.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** PNGs of 16 bits, one row of grey values. */
final class DeepImages {
  private static final int HEADER_END = 33;

  private DeepImages() {}

  static void write(Path file, int... values) throws IOException {
    BufferedImage image = new BufferedImage(values.length, 1, BufferedImage.TYPE_USHORT_GRAY);
    for (int x = 0; x < values.length; x++) {
      image.getRaster().setSample(x, 0, 0, values[x]);
    }
    ImageIO.write(image, "png", file.toFile());
  }

  /** With a chunk that says how many bits are significant. */
  static void writeWithBits(Path file, int bits, int... values) throws IOException {
    write(file, values);
    insertChunk(file, "sBIT", (byte) bits);
  }

  /** Puts a chunk behind the header of a PNG. */
  static void insertChunk(Path file, String type, byte... content) throws IOException {
    byte[] png = Files.readAllBytes(file);
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII));
    CRC32 check = new CRC32();
    check.update(chunk.put(content).array(), 4, 4 + content.length);
    chunk.putInt((int) check.getValue());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, HEADER_END);
    out.writeBytes(chunk.array());
    out.writeBytes(Arrays.copyOfRange(png, HEADER_END, png.length));
    Files.write(file, out.toByteArray());
  }
}
