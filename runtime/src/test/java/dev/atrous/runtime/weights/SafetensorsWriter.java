package dev.atrous.runtime.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes safetensors files from a header as text. */
final class SafetensorsWriter {
  private SafetensorsWriter() {}

  static byte[] of(String header, byte... data) {
    return of(header.getBytes(StandardCharsets.UTF_8), data);
  }

  static byte[] of(byte[] header, byte... data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }
}
