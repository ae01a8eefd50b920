package dev.atrous.runtime.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;

/**
 * What a file says of its image; no pixel is decoded.
 *
 * @param stored the size of the pixels as stored
 * @param orientation how they are turned to be shown
 * @param depth the values of a channel
 * @param pages pictures in the file, of which the first is read
 */
record ImageHeader(ImageFiles.Size stored, Orientation orientation, Depth depth, int pages) {
  /** The values of a channel. */
  enum Storage {
    /** 8 bits or fewer, or colours of a palette. */
    BYTES,
    /** 16 bits. */
    SHORTS,
    /** 16 bits, each the difference to the pixel on the left: {@link TiffDifferences}. */
    DIFFERENCES,
    /** 16 bits, to which fewer are stretched where the file keeps to its format. */
    STRETCHED
  }

  /**
   * The values of a channel.
   *
   * @param storage how they are stored
   * @param significant how many bits of 16 the file says that it uses; 0 if it doesn't say
   * @param stored how many bits the file has of each; a reader may give more
   */
  record Depth(Storage storage, int significant, int stored) {
    static final Depth BYTES = bytes(8);

    /** Values of 8 bits or fewer. */
    static Depth bytes(int stored) {
      return new Depth(Storage.BYTES, 8, stored);
    }

    /** Whether the range of the values can be seen from other values alone. */
    boolean isUnknown() {
      return storage != Storage.BYTES && significant == 0;
    }
  }

  static final int PHOTOMETRIC = 262;
  static final int BITS_PER_SAMPLE = 258;
  private static final int ORIENTATION = 274;
  private static final int MAX_SAMPLE_VALUE = 281;
  private static final int SAMPLE_FORMAT = 339;
  private static final int CIE_LAB = 8;
  private static final int UNSIGNED = 1;

  /** The size of the image as it is shown. */
  ImageFiles.Size size() {
    return orientation.turned(stored);
  }

  static ImageHeader of(JpegFile jpeg) {
    return new ImageHeader(jpeg.stored(), jpeg.orientation(), Depth.BYTES, 1);
  }

  /** Reads the chunks of a PNG. */
  static ImageHeader ofPng(ImageInputStream input) throws IOException {
    input.seek(8);
    ImageFiles.Size size = null;
    Orientation orientation = Orientation.UPRIGHT;
    int bits = 8;
    int significant = 0;
    long end = input.length();
    while (input.getStreamPosition() + 12 <= end) {
      int length = input.readInt();
      int type = input.readInt();
      long next = input.getStreamPosition() + Integer.toUnsignedLong(length) + 4;
      if (type == 0x49484452) { // IHDR
        size = new ImageFiles.Size(input.readInt(), input.readInt());
        bits = input.readUnsignedByte();
      } else if (type == 0x73424954) { // sBIT
        significant = input.readUnsignedByte(); // of grey or red; the others are equal in practice
      } else if (type == 0x65584966 && next <= end) { // eXIf
        byte[] exif = new byte[length];
        input.readFully(exif);
        orientation = Orientation.ofExif(exif);
      }
      input.seek(next);
    }
    if (size == null) {
      throw new IOException("it has no header");
    }
    Depth depth = bits == 16 ? new Depth(Storage.STRETCHED, significant, bits) : Depth.bytes(bits);
    return new ImageHeader(size, orientation, depth, 1);
  }

  /**
   * Reads the tags of a TIFF.
   *
   * @throws IOException for pixels that are no grey values or colours
   */
  static ImageHeader ofTiff(ImageReader reader) throws IOException {
    TIFFDirectory tags = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
    if (value(tags, SAMPLE_FORMAT, UNSIGNED) != UNSIGNED) {
      throw new IOException("its pixels are signed or floating-point numbers");
    }
    if (value(tags, PHOTOMETRIC, 0) == CIE_LAB) {
      throw new IOException("its colours are those of CIE Lab");
    }
    int bits = value(tags, BITS_PER_SAMPLE, 1);
    if (bits > 16) {
      throw new IOException("its pixels have " + bits + " bits");
    }
    Depth depth = Depth.bytes(bits);
    if (bits > 8) { // the reader stretches 9 to 15 bits to 16
      int greatest = value(tags, MAX_SAMPLE_VALUE, 0);
      Storage storage = TiffDifferences.areIn(tags) ? Storage.DIFFERENCES : Storage.SHORTS;
      depth = new Depth(storage, bits < 16 ? 16 : bitLength(greatest), bits);
    }
    return new ImageHeader(
        storedSize(reader),
        Orientation.of(value(tags, ORIENTATION, 1)),
        depth,
        reader.getNumImages(true));
  }

  private static int bitLength(int value) {
    return value == 0 ? 0 : Math.max(8, Integer.SIZE - Integer.numberOfLeadingZeros(value));
  }

  static int value(TIFFDirectory tags, int tag, int otherwise) {
    TIFFField field = tags.getTIFFField(tag);
    return field == null ? otherwise : field.getAsInt(0);
  }

  /** Reads a GIF or a BMP. */
  static ImageHeader ofOther(ImageFormat format, ImageInputStream input, ImageReader reader)
      throws IOException {
    ImageFiles.Size size = storedSize(reader);
    int pages = 1;
    if (format == ImageFormat.GIF) {
      pages = reader.getNumImages(true);
      byte[] head = new byte[10];
      input.seek(0);
      input.readFully(head);
      ByteBuffer screen = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      if (size.width() != screen.getChar(6) || size.height() != screen.getChar(8)) {
        throw new IOException("its first picture fills a part of its screen alone");
      }
    }
    return new ImageHeader(size, Orientation.UPRIGHT, Depth.BYTES, pages);
  }

  private static ImageFiles.Size storedSize(ImageReader reader) throws IOException {
    return new ImageFiles.Size(reader.getWidth(0), reader.getHeight(0));
  }
}
