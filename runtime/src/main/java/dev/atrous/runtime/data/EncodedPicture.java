package dev.atrous.runtime.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * A picture as the bytes of a file, to be put into another one.
 *
 * @param format {@code png} or {@code jpeg}
 * @param bytes of the file; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EncodedPicture(String format, int width, int height, byte[] bytes) {

  /** A small file for photos; their values change a little. */
  public static EncodedPicture jpeg(Image image) {
    return of("jpeg", image);
  }

  /** The same pixels, {@linkplain Image#inColors in colours}. */
  public static EncodedPicture png(Image image) {
    return of("png", image);
  }

  private static EncodedPicture of(String format, Image image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = image.inColors().values();
    int[] row = new int[image.width()];
    for (int y = 0, at = 0; y < image.height(); y++) {
      for (int x = 0; x < row.length; x++, at += 3) {
        row[x] = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
      }
      picture.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return encoded(format, picture);
  }

  /**
   * A PNG of colours that let through what is behind them.
   *
   * @param argb {@code [H, W]}, each {@code 0xAARRGGBB}
   */
  public static EncodedPicture transparent(int width, int height, int[] argb) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    picture.setRGB(0, 0, width, height, argb, 0, width);
    return encoded("png", picture);
  }

  private static EncodedPicture encoded(String format, BufferedImage picture) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, format, bytes)) {
        throw new IllegalStateException("ImageIO writes no " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return new EncodedPicture(format, picture.getWidth(), picture.getHeight(), bytes.toByteArray());
  }

  /** An address that is the picture itself, for a page. */
  public String dataUri() {
    return "data:image/" + format + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
