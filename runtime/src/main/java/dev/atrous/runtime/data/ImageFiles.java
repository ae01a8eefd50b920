package dev.atrous.runtime.data;

import dev.atrous.runtime.Interruption;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/** Image files by way of ImageIO, with errors that name the file. */
final class ImageFiles {
  /** Width and height in pixels. */
  record Size(int width, int height) {
    @Override
    public String toString() {
      return width + "x" + height;
    }
  }

  /** A decoded file, its pixels as they are stored. */
  record Decoded(ImageFormat format, ImageHeader header, BufferedImage image) {}

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageFormat format, FileInput input, ImageReader reader) throws IOException;
  }

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
  static final String SAVE_ANEW = "Get or copy the file again, or save it anew as an 8-bit PNG.";

  private ImageFiles() {}

  /**
   * What the file says of its image; no pixel is decoded.
   *
   * @throws UnusableFile if the file is missing or no image
   */
  static ImageHeader header(Path file) {
    return read(file, ImageFiles::header);
  }

  /**
   * The pixels in the layout that the file has them in: indexed, grey, RGB, with alpha.
   *
   * @param bytesPerPixel that the caller needs in one array
   * @throws UnusableFile if the file is missing, no image, damaged or too large
   */
  static Decoded decode(Path file, int bytesPerPixel) {
    return read(
        file,
        (format, input, reader) -> {
          ImageHeader header = header(format, input, reader);
          checkSize(file, header.stored(), bytesPerPixel);
          return new Decoded(format, header, pixels(format, header, input, reader, null));
        });
  }

  /**
   * As {@link #decode}, of a part of the image alone. Not more than that is in memory; but most
   * formats take the time to decode all.
   *
   * @param stored the part, in stored pixels
   */
  static Decoded decodePart(Path file, Rectangle stored) {
    return read(
        file,
        (format, input, reader) -> {
          ImageHeader header = header(format, input, reader);
          return new Decoded(format, header, pixels(format, header, input, reader, stored));
        });
  }

  private static ImageHeader header(ImageFormat format, FileInput input, ImageReader reader)
      throws IOException {
    return switch (format) {
      case JPEG -> ImageHeader.of(JpegFile.of(input));
      case PNG -> ImageHeader.ofPng(input);
      case TIFF -> ImageHeader.ofTiff(reader);
      case GIF, BMP -> ImageHeader.ofOther(format, input, reader);
    };
  }

  private static BufferedImage pixels(
      ImageFormat format,
      ImageHeader header,
      FileInput input,
      ImageReader reader,
      @Nullable Rectangle part)
      throws IOException {
    input.seek(0);
    ImageReadParam what = reader.getDefaultReadParam();
    what.setSourceRegion(part);
    if (format == ImageFormat.JPEG) {
      return JpegFile.of(input).decode(input, reader, what);
    }
    if (header.depth().storage() == ImageHeader.Storage.DIFFERENCES) {
      return TiffDifferences.read(input, reader, what);
    }
    reader.setInput(input, false, true);
    return reader.read(0, what);
  }

  private static void checkSize(Path file, Size size, int bytesPerPixel) {
    long pixels = (long) size.width() * size.height();
    if (pixels * bytesPerPixel > LARGEST_ARRAY) {
      throw new UnusableFile(
          "Image %s has %s pixels, more than %d million"
              .formatted(file, size, LARGEST_ARRAY / bytesPerPixel / 1_000_000),
          "Cut it into parts, or label it with predict --window, which reads it in strips.");
    }
  }

  static UnusableFile tooLarge(Path file, OutOfMemoryError e) {
    return new UnusableFile(
        "Image " + file + " does not fit into the Java heap",
        "Give it more, for example -Xmx8g, label the image with predict --window, or cut it into"
            + " parts.",
        e);
  }

  private static <T> T read(Path file, Reading<T> reading) {
    if (!Files.isRegularFile(file)) {
      throw new UnusableFile("Image " + file + " doesn't exist", "Check the path.");
    }
    try (FileInput input = new FileInput(file)) {
      ImageFormat format = ImageFormat.of(input);
      ImageReader reader = ImageIO.getImageReadersByFormatName(format.imageIoName()).next();
      try {
        reader.setInput(input);
        return reading.from(format, input, reader);
      } finally {
        reader.dispose();
      }
    } catch (UnusableFile e) {
      throw e;
    } catch (IOException | RuntimeException e) { // damaged files make readers throw either
      Interruption.check();
      throw new UnusableFile("Image " + file + " can't be read: " + reason(e), SAVE_ANEW, e);
    } catch (OutOfMemoryError e) {
      throw tooLarge(file, e);
    }
  }

  private static String reason(Exception e) {
    if (e instanceof AccessDeniedException) {
      return "there is no permission";
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "it ends early";
      }
    }
    if (e instanceof IOException && e.getMessage() != null) {
      boolean imageIo = e instanceof IIOException;
      return imageIo ? "it is damaged or unusual (" + e.getMessage() + ")" : e.getMessage();
    }
    return "it is damaged or unusual (" + e.getMessage() + ")";
  }
}
