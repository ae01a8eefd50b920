package dev.atrous.runtime.data;

/**
 * Crops ready for a training step.
 *
 * @param size number of crops, {@code N}
 * @param crop side of the crops, {@code H = W}
 * @param format of the images
 * @param images {@code [N, H, W, bands]}, row-major; values of 16 bits are two bytes each, in the
 *     order of the machine
 * @param labels {@code [N, H, W]}, row-major; 255 (as a signed byte -1) is ignored
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, handed over once, never compared
public record Batch(int size, int crop, PixelFormat format, byte[] images, byte[] labels) {
  /** Crops of bytes, whose bands follow from the lengths. */
  public Batch(int size, int crop, byte[] images, byte[] labels) {
    this(size, crop, new PixelFormat(images.length / labels.length, Byte.SIZE), images, labels);
  }

  /** All black, of pixels without a label of their own: class 0. */
  public static Batch black(int size, int crop, PixelFormat format) {
    int pixels = size * crop * crop;
    return new Batch(size, crop, format, new byte[format.bytes() * pixels], new byte[pixels]);
  }
}
