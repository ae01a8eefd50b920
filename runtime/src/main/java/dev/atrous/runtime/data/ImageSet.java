package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * Images that belong together: those of a data set, or of one call. What a file alone does not say
 * follows from all of them: how bright the values of images with 16 bits are, where cameras and
 * scanners give 10 or 12.
 *
 * <p>16-bit values are taken to 8 bits by the bits that the file says it uses (PNG's {@code sBIT},
 * TIFF's {@code MaxSampleValue}); files that say nothing, all by the least of 8, 10, 12, 14 and 16
 * bits that holds every value of theirs.
 */
public final class ImageSet {
  private static final int NAMED = 3;
  private static final int[] DEPTHS = {8, 10, 12, 14, 16};

  private final Map<Path, ImageHeader> headers;
  private final CommonDepth depth;
  private final PixelFormat format;

  /**
   * How many bits are used in files that do not say it. All of them are read for it, when it is
   * first needed: other pixels than red, green and blue in bytes do not need it.
   */
  private static final class CommonDepth {
    private final List<Path> files;
    private int bits;

    CommonDepth(List<Path> files) {
      this.files = files;
    }

    synchronized int bits() {
      if (bits == 0) {
        bits = files.isEmpty() ? Short.SIZE : ImageSet.bits(files);
      }
      return bits;
    }
  }

  private ImageSet(Map<Path, ImageHeader> headers, CommonDepth depth, PixelFormat format) {
    this.headers = headers;
    this.depth = depth;
    this.format = format;
  }

  /**
   * The same images, read for a model that takes such pixels. Three bands of 8 bits, as without
   * this, are red, green and blue, to which images of other kinds are brought. Anything else is
   * what a file must have; its values are taken as they are, and an alpha channel is a band.
   */
  public ImageSet withPixels(PixelFormat wanted) {
    ImageSet set = new ImageSet(headers, depth, wanted);
    set.prepare();
    return set;
  }

  /** Finds out what takes time, so that threads that read images need not wait for it. */
  void prepare() {
    if (format.isRgb()) {
      depth.bits();
    }
  }

  /** What images are read as. */
  PixelFormat pixels() {
    return format;
  }

  /**
   * Reads what the files say of their images; the pixels of those images of 16 bits that do not say
   * how many they use when it is needed. Files that can't be read are an error when it is their
   * turn, in {@link #read}.
   *
   * @param files may name a file twice
   */
  public static ImageSet of(Collection<Path> files) {
    Map<Path, ImageHeader> headers = Collections.synchronizedMap(new TreeMap<>());
    files.parallelStream()
        .distinct()
        .forEach(file -> header(file).ifPresent(header -> headers.put(file, header)));
    return of(headers);
  }

  private static Optional<ImageHeader> header(Path file) {
    try {
      return Optional.of(ImageFiles.header(file));
    } catch (UnusableFile e) {
      return Optional.empty();
    }
  }

  static ImageSet of(Map<Path, ImageHeader> headers) {
    List<Path> unknown =
        headers.entrySet().stream()
            .filter(image -> image.getValue().depth().isUnknown())
            .map(Map.Entry::getKey)
            .toList();
    return new ImageSet(new TreeMap<>(headers), new CommonDepth(unknown), PixelFormat.RGB);
  }

  /** The depth that holds all values; stops to look when that can't get larger. */
  private static int bits(List<Path> files) {
    AtomicInteger used = new AtomicInteger();
    files.parallelStream()
        .filter(file -> used.get() >> DEPTHS[DEPTHS.length - 2] == 0)
        .forEach(
            file -> {
              try {
                int value = FileRows.usedBits(file, ImageFiles.header(file));
                used.accumulateAndGet(value, (one, other) -> one | other);
              } catch (UnusableFile e) {
                // an error when it is read
              }
            });
    int depth = 0;
    while (used.get() >> DEPTHS[depth] != 0) {
      depth++;
    }
    return DEPTHS[depth];
  }

  /**
   * Reads an image of the set, or another one in the same way.
   *
   * @throws AtrousException if the file is missing, can't be read or has other pixels; the message
   *     names it
   */
  public Image read(Path file) {
    try {
      return decode(file);
    } catch (UnusableFile e) {
      throw e.alone();
    }
  }

  /** As {@link #read}, with an error that can be told together with others. */
  Image decode(Path file) {
    try {
      ImageFiles.Decoded decoded = ImageFiles.decode(file, format.bytes());
      ImageHeader header = decoded.header();
      byte[] stored = format.isRgb() ? rgb(file, decoded) : Bands.of(file, decoded, format);
      byte[] pixels = header.orientation().apply(stored, header.stored(), format.bytes());
      return new Image(header.size().width(), header.size().height(), format, pixels);
    } catch (OutOfMemoryError e) {
      throw ImageFiles.tooLarge(file, e);
    }
  }

  private byte[] rgb(Path file, ImageFiles.Decoded decoded) {
    Samples samples = new Samples(file, decoded.image());
    return samples.rgb(bits(decoded.header().depth(), samples::usedBits));
  }

  /**
   * Opens an image of the set, or another one in the same way, to be read in strips.
   *
   * @throws AtrousException if the file is missing or no image, or has other pixels; the message
   *     names it
   */
  public ImageRows open(Path file) {
    try {
      return rows(file);
    } catch (UnusableFile e) {
      throw e.alone();
    }
  }

  FileRows rows(Path file) {
    ImageHeader header = ImageFiles.header(file);
    if (!format.isRgb()) {
      Bands.check(file, header, format);
      return new FileRows(file, header, format, part -> Bands.of(file, part, format));
    }
    int bits = bits(header.depth(), () -> FileRows.usedBits(file, header));
    return new FileRows(file, header, format, part -> new Samples(file, part.image()).rgb(bits));
  }

  private int bits(ImageHeader.Depth ofFile, IntSupplier usedBits) {
    int significant = ofFile.significant();
    if (ofFile.isUnknown()) {
      return depth.bits();
    }
    if (ofFile.storage() == ImageHeader.Storage.STRETCHED && significant < 16) {
      // PNG wants values stretched to 16 bits, whose low bits are then zero in dark images.
      int used = usedBits.getAsInt();
      boolean stretched = used >> significant != 0 || (used & ((1 << (16 - significant)) - 1)) == 0;
      return stretched ? 16 : significant;
    }
    return significant;
  }

  /**
   * What was done to images that a user may not expect, in whole sentences. Empty for ordinary
   * ones.
   */
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    List<Path> turned = those(header -> header.orientation() != Orientation.UPRIGHT);
    if (!turned.isEmpty()) {
      remarks.add(
          "Turned or mirrored as EXIF says, like viewers show them: %s. Masks, given or written, are of the images as they are shown."
              .formatted(named(turned)));
    }
    List<Path> many = those(header -> header.pages() > 1);
    if (!many.isEmpty()) {
      remarks.add("The first of several pages or frames is read of %s.".formatted(named(many)));
    }
    List<Path> unknown = those(header -> header.depth().isUnknown());
    if (format.isRgb() && !unknown.isEmpty() && depth.bits() < 16) {
      remarks.add(
          "Values have 16 bits, and it is not said how many are used, in %s. None is above %d: they are read as %d bits, with white at %2$d. If that is not their range, save them with 8 bits."
              .formatted(named(unknown), (1 << depth.bits()) - 1, depth.bits()));
    }
    return remarks;
  }

  private List<Path> those(Predicate<ImageHeader> kind) {
    return headers.entrySet().stream()
        .filter(image -> kind.test(image.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String named(List<Path> files) {
    List<String> first = files.stream().limit(NAMED).map(Path::toString).toList();
    return "%d image%s (%s%s)"
        .formatted(
            files.size(),
            files.size() == 1 ? "" : "s",
            String.join(", ", first),
            files.size() > NAMED ? ", ..." : "");
  }
}
