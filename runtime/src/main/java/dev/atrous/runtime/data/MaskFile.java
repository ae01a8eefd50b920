package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A mask as a file of its own: a PNG, TIFF, GIF or BMP, turned as its EXIF orientation says.
 *
 * @param file need not exist
 */
record MaskFile(Path file) implements LabelSource {
  @Override
  public ImageFiles.Size size() {
    return ImageFiles.header(file).size();
  }

  @Override
  public LabelMap read(LabelRules rules, Consumer<StoredMask> stored) {
    StoredMask mask = stored();
    stored.accept(mask);
    return rules.apply(mask, file);
  }

  /** What is stored for each pixel. */
  StoredMask stored() {
    try {
      ImageFiles.Decoded decoded = ImageFiles.decode(file, 1);
      ImageHeader header = decoded.header();
      if (decoded.format() == ImageFormat.JPEG) {
        throw new UnusableFile(
            "Mask " + file + " is a JPEG, which changes values: the class numbers are lost",
            "Make it anew as a PNG from what it was made from.");
      }
      if (header.pages() > 1) {
        throw new UnusableFile(
            "Mask " + file + " has " + header.pages() + " pages", "Save the one that counts.");
      }
      return MaskPixels.read(file, decoded.image()).turned(header.orientation());
    } catch (OutOfMemoryError e) {
      throw ImageFiles.tooLarge(file, e);
    }
  }
}
