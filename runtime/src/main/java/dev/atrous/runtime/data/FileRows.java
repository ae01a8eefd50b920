package dev.atrous.runtime.data;

import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An image file that is read in strips: as many rows at once as have room, since for each strip
 * most formats are decoded from their beginning.
 */
final class FileRows implements ImageRows {
  private static final int HEAP_SHARE = 8; // decoding needs about three times a strip
  private static final int LARGEST_STRIP = 1 << 29; // bytes
  private static final int MARGIN = 16; // rows above what is asked for, where readers go back

  private final Path file;
  private final ImageHeader header;
  private final PixelFormat format;
  private final Function<ImageFiles.Decoded, byte[]> values;
  private final int stripRows;
  private @Nullable Image strip;
  private int stripTop;

  /**
   * @param format of the pixels
   * @param values those of decoded rows, in that format
   */
  FileRows(
      Path file,
      ImageHeader header,
      PixelFormat format,
      Function<ImageFiles.Decoded, byte[]> values) {
    this(file, header, format, values, rowsThatFit(header.size().width(), format.bytes()));
  }

  private FileRows(
      Path file,
      ImageHeader header,
      PixelFormat format,
      Function<ImageFiles.Decoded, byte[]> values,
      int stripRows) {
    this.file = file;
    this.header = header;
    this.format = format;
    this.values = values;
    this.stripRows = stripRows;
  }

  /** The same, with strips of so many rows, or more where they are asked for. */
  FileRows inStripsOf(int rows) {
    return new FileRows(file, header, format, values, rows);
  }

  private static int rowsThatFit(int width, int pixelBytes) {
    long bytes = Math.min(LARGEST_STRIP, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    return (int) Math.max(1, bytes / ((long) pixelBytes * width));
  }

  /**
   * The bits that are set in any value of an image.
   *
   * @throws UnusableFile if it can't be read
   */
  static int usedBits(Path file, ImageHeader header) {
    ImageFiles.Size size = header.stored();
    int count = rowsThatFit(size.width(), 2 * PixelFormat.RGB.bytes());
    int bits = 0;
    for (int top = 0; top < size.height(); top += count) {
      int rows = Math.min(count, size.height() - top);
      Rectangle part = new Rectangle(0, top, size.width(), rows);
      bits |= new Samples(file, ImageFiles.decodePart(file, part).image()).usedBits();
    }
    return bits;
  }

  @Override
  public int width() {
    return header.size().width();
  }

  @Override
  public int height() {
    return header.size().height();
  }

  @Override
  public PixelFormat format() {
    return format;
  }

  @Override
  public Image rows(int top, int count) {
    Image read = strip;
    if (read == null || top < stripTop || top + count > stripTop + read.height()) {
      strip = null; // there may not be room for two
      read = read(top, count);
      strip = read;
    }
    return read.rows(top - stripTop, count);
  }

  private Image read(int top, int count) {
    int begin = Math.max(0, top - MARGIN);
    int end = Math.min(height(), Math.max(top + count, begin + stripRows));
    try {
      Rectangle part = header.orientation().stored(header.stored(), begin, end - begin);
      byte[] pixels = values.apply(ImageFiles.decodePart(file, part));
      ImageFiles.Size stored = new ImageFiles.Size(part.width, part.height);
      byte[] turned = header.orientation().apply(pixels, stored, format.bytes());
      stripTop = begin;
      return new Image(width(), end - begin, format, turned);
    } catch (UnusableFile e) {
      throw e.alone();
    } catch (OutOfMemoryError e) {
      throw ImageFiles.tooLarge(file, e).alone();
    }
  }
}
