package dev.atrous.runtime.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: the length of the header (64 bits), the header ({@link SafetensorsHeader}),
 * the values of the tensors one behind the other, row-major and little-endian.
 */
final class SafetensorsFile extends TensorFile {
  /** A ResNet-101 has 0.1 MB. */
  private static final int LARGEST_HEADER = 16 << 20;

  private final FileBytes bytes;
  private final long begin;
  private final Map<String, SafetensorsHeader.Entry> entries;
  private final Map<String, StoredTensor> contents = new LinkedHashMap<>();

  private SafetensorsFile(
      Path path, FileBytes bytes, long begin, Map<String, SafetensorsHeader.Entry> entries) {
    super(path, bytes);
    this.bytes = bytes;
    this.begin = begin;
    this.entries = entries;
    entries.forEach(
        (name, entry) -> contents.put(name, new StoredTensor(entry.type(), shape(entry.sizes()))));
  }

  static SafetensorsFile read(Path path, FileBytes bytes) throws IOException, FormatException {
    long length = bytes.read(0, Long.BYTES).getLong();
    if (length < 0 || length > bytes.size() - Long.BYTES || length > LARGEST_HEADER) {
      throw FormatException.damaged(
          "Its header would have %s bytes; the file has %d and a header at most %d"
              .formatted(Long.toUnsignedString(length), bytes.size(), LARGEST_HEADER));
    }
    long begin = Long.BYTES + length;
    Map<String, SafetensorsHeader.Entry> entries =
        SafetensorsHeader.parse(bytes.read(Long.BYTES, length));
    checkRanges(entries, bytes.size() - begin);
    return new SafetensorsFile(path, bytes, begin, entries);
  }

  /** That each range fits its shape, and that they follow one another without gaps to the end. */
  private static void checkRanges(Map<String, SafetensorsHeader.Entry> entries, long available)
      throws FormatException {
    List<Map.Entry<String, SafetensorsHeader.Entry>> ordered =
        entries.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                        (Map.Entry<String, SafetensorsHeader.Entry> e) -> e.getValue().begin())
                    .thenComparingLong(e -> e.getValue().end()))
            .toList();
    long reached = 0;
    for (Map.Entry<String, SafetensorsHeader.Entry> named : ordered) {
      SafetensorsHeader.Entry entry = named.getValue();
      String tensor = "The tensor " + FormatException.quoted(named.getKey());
      if (entry.begin() != reached) {
        throw FormatException.damaged(
            tensor + " begins at byte " + entry.begin() + ", the one before it ends at " + reached);
      }
      long size = (long) entry.type().bytes() * TensorFile.elements(entry.sizes());
      if (entry.end() - entry.begin() != size) {
        throw FormatException.damaged(
            "%s is given %d bytes and has %d".formatted(tensor, entry.end() - entry.begin(), size));
      }
      reached = entry.end();
    }
    if (reached != available) {
      throw FormatException.damaged(
          "Its tensors have " + reached + " bytes, but the file has " + available + " of them");
    }
  }

  @Override
  Map<String, StoredTensor> contents() {
    return contents;
  }

  @Override
  float[] values(String name) throws IOException, FormatException {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(name);
    }
    ByteBuffer data = bytes.read(begin + entry.begin(), entry.end() - entry.begin());
    float[] values = new float[TensorFile.elements(entry.sizes())];
    for (int i = 0; i < values.length; i++) {
      values[i] = entry.type().read(data, i * entry.type().bytes());
    }
    return values;
  }
}
