package dev.atrous.runtime.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.stream.ImageInputStream;

/** The formats that are read. A file is of the format that its first bytes say, not its name. */
enum ImageFormat {
  JPEG("jpeg"),
  PNG("png"),
  GIF("gif"),
  BMP("bmp"),
  TIFF("tiff");

  /** Suffixes of files in a folder that are taken for images, in any case; the first ones first. */
  static final List<String> SUFFIXES =
      List.of(
          ".jpg", ".jpeg", ".png", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".tif", ".tiff",
          ".webp", ".avif", ".heic", ".heif", ".jp2",
          ".jxl"); // the last six to say that they are not read

  private static final int HEAD = 512;

  /** What a file may be instead, by its first characters (one for each byte). */
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("version https://git-lfs", "a pointer of Git LFS, without the image"),
          Map.entry("%PDF", "a PDF document"),
          Map.entry("8BPS", "a Photoshop document"),
          Map.entry("PK\3\4", "a ZIP archive"),
          Map.entry("\u001f\u008b", "compressed by gzip"),
          Map.entry("\u00ff\n", "a JPEG XL image"),
          Map.entry("\0\0\0\u000cJXL", "a JPEG XL image"),
          Map.entry("\0\0\0\u000cjP", "a JPEG 2000 image"),
          Map.entry("\u00ffO\u00ffQ", "a JPEG 2000 image"),
          Map.entry("\u0089HDF", "an HDF5 file"),
          Map.entry("\u0093NUMPY", "a NumPy array"),
          Map.entry("P5", "a PGM image"),
          Map.entry("P6", "a PPM image"));

  private final String imageIoName;

  ImageFormat(String imageIoName) {
    this.imageIoName = imageIoName;
  }

  String imageIoName() {
    return imageIoName;
  }

  /**
   * Looks at the first bytes.
   *
   * @throws IOException that says what the file is, if it is of none of these formats
   */
  static ImageFormat of(ImageInputStream input) throws IOException {
    byte[] bytes = new byte[HEAD];
    int length = 0;
    for (int n = 0; n >= 0 && length < HEAD; n = input.read(bytes, length, HEAD - length)) {
      length += n;
    }
    input.seek(0);
    String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return JPEG;
    }
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      return PNG;
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return GIF;
    }
    if (head.startsWith("BM")) {
      return BMP;
    }
    if (head.startsWith("II*\0") || head.startsWith("MM\0*")) {
      return TIFF;
    }
    throw new IOException("it is " + other(head));
  }

  private static String other(String head) {
    if (head.isEmpty()) {
      return "empty";
    }
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) {
      return "a WebP image";
    }
    if (head.startsWith("ftyp", 4)) {
      String brand = head.substring(8, Math.min(head.length(), 12));
      return brand.startsWith("avi") ? "an AVIF image" : "a HEIF image or a video";
    }
    for (Map.Entry<String, String> kind : OTHERS.entrySet()) {
      if (head.startsWith(kind.getKey())) {
        return kind.getValue();
      }
    }
    String text = head.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("<svg") || (text.startsWith("<?xml") && text.contains("<svg"))) {
      return "an SVG drawing";
    }
    if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
      return "a page of HTML, as a failed download leaves";
    }
    if (head.chars().allMatch(c -> c == 0)) {
      return "zeros alone, as an interrupted copy leaves";
    }
    return "of no known image format";
  }
}
