package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Image files by way of ImageIO, with errors that name the file. */
final class ImageFiles {
  /** Width and height in pixels. */
  record Size(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** A decoded file; {@code format} is ImageIO's name of the format, such as {@code png}. */
  record Decoded(String format, BufferedImage image) {}

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private ImageFiles() {}

  /** The size that the header of the file states; no pixel is decoded. */
  static Size size(Path file) {
    return read(file, reader -> new Size(reader.getWidth(0), reader.getHeight(0)));
  }

  /** The pixels in the layout that the file has them in: indexed, grey, RGB, with alpha. */
  static Decoded decode(Path file) {
    return read(
        file,
        reader -> {
          // A JPEG that ends early is no error to ImageIO: it paints the rest grey and warns.
          List<String> warnings = new ArrayList<>();
          reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
          BufferedImage image = reader.read(0);
          for (String warning : warnings) {
            if (warning.contains("Premature end") || warning.contains("Truncated")) {
              throw new IOException(warning);
            }
          }
          return new Decoded(reader.getFormatName(), image);
        });
  }

  private static <T> T read(Path file, Reading<T> reading) {
    if (!Files.isRegularFile(file)) {
      throw new AtrousException("Image " + file + " doesn't exist. Check the path.");
    }
    try (ImageInputStream input = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
      if (!readers.hasNext()) {
        throw new IOException("its content is of no known image format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(input, true, true);
        return reading.from(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) { // damaged files make readers throw either
      throw new AtrousException(
          "Image "
              + file
              + " can't be decoded: "
              + e.getMessage()
              + ". It may be damaged, cut off or a CMYK JPEG; save it anew as an RGB JPEG or a PNG.",
          e);
    }
  }

  /**
   * Writes a PNG that is never seen half-written: to a temporary file beside the target, which is
   * then moved over it. Makes the folder if need be.
   */
  static void writePng(BufferedImage image, Path file) {
    Path target = file.toAbsolutePath();
    Path partial = target.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(partial, png(image));
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new AtrousException(
          "Image " + file + " can't be written: " + e + ". Check the folder and the free space.",
          e);
    } finally {
      partial.toFile().delete(); // no longer there unless something failed
    }
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", output);
    }
    return bytes.toByteArray();
  }
}
