package dev.atrous.runtime.data;

/**
 * Crops ready for a training step.
 *
 * @param size number of crops, {@code N}
 * @param crop side of the crops, {@code H = W}
 * @param images {@code [N, H, W, bands]}, row-major
 * @param labels {@code [N, H, W]}, row-major; 255 (as a signed byte -1) is ignored
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, handed over once, never compared
public record Batch(int size, int crop, byte[] images, byte[] labels) {
  /** Bands of the images. */
  public int bands() {
    return images.length / labels.length;
  }
}
