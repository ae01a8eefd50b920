package dev.atrous.runtime.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A zip archive whose entries are stored, not compressed, as {@code torch.save} writes it. Of the
 * format (PKWARE's APPNOTE) this is the central directory with its 64-bit extension. Because
 * nothing is decompressed, an entry is never larger than the file.
 */
final class StoredZip {
  /** Enough for a hundred thousand entries; a ResNet-101 has 700. */
  private static final int LARGEST_DIRECTORY = 16 << 20;

  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int END64 = 0x06064b50;
  private static final int END64_SIZE = 56;
  private static final int LOCATOR64 = 0x07064b50;
  private static final int LOCATOR64_SIZE = 20;
  private static final int EXTRA64 = 1;
  private static final int SATURATED = 0xffffffff; // the value is in the 64-bit extension

  private record Entry(long header, long size, int checksum, boolean isStored) {}

  /** Where the central directory is. */
  private record Directory(long offset, long size, long entries) {}

  private final FileBytes file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private StoredZip(FileBytes file) {
    this.file = file;
  }

  /**
   * Reads the directory of an archive.
   *
   * @throws FormatException if it has none, or entries lie outside of the file
   */
  static StoredZip read(FileBytes file) throws IOException, FormatException {
    StoredZip zip = new StoredZip(file);
    Directory directory = directory(file);
    if (directory.size() > LARGEST_DIRECTORY) {
      throw FormatException.damaged("Its directory has " + directory.size() + " bytes");
    }
    ByteBuffer records = file.read(directory.offset(), directory.size());
    while (records.hasRemaining()) {
      zip.addEntry(records);
    }
    if (zip.entries.size() != directory.entries()) {
      throw FormatException.damaged(
          "Its directory has %d entries and says that it has %d"
              .formatted(zip.entries.size(), directory.entries()));
    }
    return zip;
  }

  private static Directory directory(FileBytes file) throws IOException, FormatException {
    long tailSize = Math.min(file.size(), END_SIZE + LONGEST_COMMENT);
    ByteBuffer tail = file.read(file.size() - tailSize, tailSize);
    for (int at = tail.limit() - END_SIZE; at >= 0; at--) {
      int comment = tail.limit() - END_SIZE - at;
      if (tail.getInt(at) == END && Short.toUnsignedInt(tail.getShort(at + 20)) == comment) {
        long end = file.size() - tailSize + at;
        int size = tail.getInt(at + 12);
        int offset = tail.getInt(at + 16);
        return size == SATURATED || offset == SATURATED || tail.getShort(at + 10) == -1
            ? directory64(file, end)
            : new Directory(
                Integer.toUnsignedLong(offset),
                Integer.toUnsignedLong(size),
                Short.toUnsignedInt(tail.getShort(at + 10)));
      }
    }
    throw FormatException.damaged("It begins as a zip archive, but does not end as one");
  }

  private static Directory directory64(FileBytes file, long end)
      throws IOException, FormatException {
    ByteBuffer locator = file.read(end - LOCATOR64_SIZE, LOCATOR64_SIZE);
    if (locator.getInt(0) != LOCATOR64) {
      throw FormatException.damaged("Its directory is not where it should be");
    }
    ByteBuffer record = file.read(locator.getLong(8), END64_SIZE);
    if (record.getInt(0) != END64) {
      throw FormatException.damaged("Its directory is not where it should be");
    }
    return new Directory(record.getLong(48), record.getLong(40), record.getLong(32));
  }

  private void addEntry(ByteBuffer records) throws FormatException {
    int at = records.position();
    if (records.remaining() < CENTRAL_SIZE || records.getInt(at) != CENTRAL) {
      throw FormatException.damaged("Its directory is cut off");
    }
    int nameSize = Short.toUnsignedInt(records.getShort(at + 28));
    int extraSize = Short.toUnsignedInt(records.getShort(at + 30));
    int commentSize = Short.toUnsignedInt(records.getShort(at + 32));
    if (records.remaining() - CENTRAL_SIZE < nameSize + extraSize + commentSize) {
      throw FormatException.damaged("Its directory is cut off");
    }
    String name =
        StandardCharsets.UTF_8.decode(records.slice(at + CENTRAL_SIZE, nameSize)).toString();
    boolean encrypted = (records.getShort(at + 8) & 1) != 0;
    boolean stored = !encrypted && records.getShort(at + 10) == 0;
    Sizes sizes = sizes(records, at, at + CENTRAL_SIZE + nameSize, extraSize);
    if ((stored && sizes.packed() != sizes.size())
        || sizes.packed() < 0
        || sizes.header() < 0
        || sizes.header() > file.size() - LOCAL_SIZE
        || sizes.packed() > file.size() - LOCAL_SIZE - sizes.header()) {
      throw FormatException.damaged(
          "The entry " + FormatException.quoted(name) + " lies outside of the file");
    }
    Entry entry = new Entry(sizes.header(), sizes.size(), records.getInt(at + 16), stored);
    if (entries.put(name, entry) != null) {
      throw FormatException.damaged("Two entries are named " + FormatException.quoted(name));
    }
    records.position(at + CENTRAL_SIZE + nameSize + extraSize + commentSize);
  }

  private record Sizes(long size, long packed, long header) {}

  /** The sizes of an entry; those that do not fit in 32 bits follow in the extra field. */
  private static Sizes sizes(ByteBuffer records, int at, int extra, int extraSize)
      throws FormatException {
    long[] values = new long[3];
    int[] fields = {at + 24, at + 20, at + 42};
    ByteBuffer wide = extra64(records, extra, extraSize);
    for (int i = 0; i < fields.length; i++) {
      int narrow = records.getInt(fields[i]);
      if (narrow != SATURATED) {
        values[i] = Integer.toUnsignedLong(narrow);
      } else if (wide.remaining() >= Long.BYTES) {
        values[i] = wide.getLong();
      } else {
        throw FormatException.damaged("Its directory lacks the size of an entry");
      }
    }
    return new Sizes(values[0], values[1], values[2]);
  }

  /** The 64-bit sizes among the extra fields of an entry; empty if there are none. */
  private static ByteBuffer extra64(ByteBuffer records, int extra, int extraSize) {
    int at = extra;
    int end = extra + extraSize;
    while (at + 4 <= end) {
      int id = Short.toUnsignedInt(records.getShort(at));
      int size = Math.min(Short.toUnsignedInt(records.getShort(at + 2)), end - at - 4);
      if (id == EXTRA64) {
        return records.slice(at + 4, size).order(records.order());
      }
      at += 4 + size;
    }
    return ByteBuffer.allocate(0);
  }

  /** The names of the entries, in the order of the directory. */
  Iterable<String> names() {
    return entries.keySet();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * Size of an entry in bytes.
   *
   * @throws FormatException if there is no such entry or it is compressed
   */
  long size(String name) throws FormatException {
    return entry(name).size();
  }

  private Entry entry(String name) throws FormatException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw FormatException.damaged("The archive has no entry " + FormatException.quoted(name));
    }
    if (!entry.isStored()) {
      throw FormatException.refused(
          "The entry " + FormatException.quoted(name) + " of the archive is compressed",
          "torch.save does not compress. Unpack the archive with its own program; if it holds a"
              + " .pth file, give that.");
    }
    return entry;
  }

  /**
   * The bytes of an entry, little-endian, compared with their checksum.
   *
   * @throws FormatException if there is no such entry, or it is compressed or was altered
   */
  ByteBuffer bytes(String name) throws IOException, FormatException {
    Entry entry = entry(name);
    ByteBuffer header = file.read(entry.header(), LOCAL_SIZE);
    if (header.getInt(0) != LOCAL) {
      throw FormatException.damaged(
          "The entry " + FormatException.quoted(name) + " is not where the directory says");
    }
    int skipped =
        LOCAL_SIZE
            + Short.toUnsignedInt(header.getShort(26))
            + Short.toUnsignedInt(header.getShort(28));
    ByteBuffer bytes = file.read(entry.header() + skipped, entry.size());
    CRC32 checksum = new CRC32();
    checksum.update(bytes.duplicate());
    if ((int) checksum.getValue() != entry.checksum()) {
      throw FormatException.damaged(
          "The checksum of the entry "
              + FormatException.quoted(name)
              + " is wrong (unless it was saved without checksums: then save it with them)");
    }
    return bytes;
  }
}
