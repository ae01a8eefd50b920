package dev.atrous.runtime.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Writes zip archives without compression, as {@code torch.save} does. */
final class TorchArchive {
  private static final int SATURATED = -1;

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private boolean wide;
  private int method;

  /** A whole file of {@code torch.save(state_dict, FILE)}. */
  static TorchArchive of(Map<String, TorchTensor> tensors) {
    return of(new PickleWriter().stateDict(tensors).stop(), tensors);
  }

  /** A file with a pickle and the storages of tensors. */
  static TorchArchive of(byte[] pickle, Map<String, TorchTensor> tensors) {
    TorchArchive archive =
        new TorchArchive().entry("weights/data.pkl", pickle).entry("weights/byteorder", "little");
    tensors.values().forEach(t -> archive.entry("weights/data/" + t.key(), t.data()));
    return archive;
  }

  TorchArchive entry(String name, byte[] data) {
    entries.put(name, data);
    return this;
  }

  TorchArchive entry(String name, String data) {
    return entry(name, data.getBytes(StandardCharsets.UTF_8));
  }

  /** With all sizes in their 64-bit fields. */
  TorchArchive wide() {
    wide = true;
    return this;
  }

  /** With another number for the compression, which remains none. */
  TorchArchive method(int number) {
    method = number;
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    entries.forEach(
        (name, data) -> {
          byte[] path = name.getBytes(StandardCharsets.UTF_8);
          CRC32 crc = new CRC32();
          crc.update(data);
          long header = out.size();
          put(
              out,
              b ->
                  b.putInt(0x04034b50)
                      .putInt(0)
                      .putInt(method)
                      .putShort((short) 0)
                      .putInt((int) crc.getValue())
                      .putInt(data.length)
                      .putInt(data.length)
                      .putShort((short) path.length)
                      .putShort((short) 3)); // of padding
          out.writeBytes(path);
          out.writeBytes(new byte[3]);
          out.writeBytes(data);
          put(
              directory,
              b ->
                  b.putInt(0x02014b50)
                      .putInt(0)
                      .putShort((short) 0)
                      .putInt(method)
                      .putShort((short) 0)
                      .putInt((int) crc.getValue())
                      .putInt(wide ? SATURATED : data.length)
                      .putInt(wide ? SATURATED : data.length)
                      .putShort((short) path.length)
                      .putShort((short) (wide ? 34 : 0))
                      .putShort((short) 0)
                      .putLong(0)
                      .putInt(wide ? SATURATED : (int) header));
          directory.writeBytes(path);
          if (wide) {
            // an extra field of another kind first
            put(directory, b -> b.putShort((short) 7).putShort((short) 2).putShort((short) 9));
            put(
                directory,
                b ->
                    b.putShort((short) 1)
                        .putShort((short) 24)
                        .putLong(data.length)
                        .putLong(data.length)
                        .putLong(header));
          }
        });
    long begin = out.size();
    out.writeBytes(directory.toByteArray());
    end(out, begin, directory.size());
    return out.toByteArray();
  }

  private void end(ByteArrayOutputStream out, long begin, long size) {
    if (wide) {
      long record = out.size();
      put(
          out,
          b ->
              b.putInt(0x06064b50)
                  .putLong(44)
                  .putInt(0)
                  .putLong(0)
                  .putLong(entries.size())
                  .putLong(entries.size())
                  .putLong(size)
                  .putLong(begin));
      put(out, b -> b.putInt(0x07064b50).putInt(0).putLong(record).putInt(1));
    }
    put(
        out,
        b ->
            b.putInt(0x06054b50)
                .putInt(0)
                .putShort((short) (wide ? SATURATED : entries.size()))
                .putShort((short) (wide ? SATURATED : entries.size()))
                .putInt(wide ? SATURATED : (int) size)
                .putInt(wide ? SATURATED : (int) begin)
                .putShort((short) 0));
  }

  private static void put(ByteArrayOutputStream out, Consumer<ByteBuffer> fields) {
    ByteBuffer buffer = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
    fields.accept(buffer);
    out.write(buffer.array(), 0, buffer.position());
  }
}
