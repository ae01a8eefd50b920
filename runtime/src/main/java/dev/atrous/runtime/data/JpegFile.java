package dev.atrous.runtime.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A JPEG as libjpeg shows it. What the components are follows from the markers by libjpeg's rules.
 * ImageIO has others, applies colour profiles, and fails on some markers; so it is given the file
 * without them, and with a single one that it takes as libjpeg does.
 *
 * @param stored the size of the pixels as stored
 * @param components what they are
 * @param ids of the components
 * @param progressive whether details come in later scans
 * @param orientation what EXIF says
 * @param scan where the first scan begins
 */
record JpegFile(
    ImageFiles.Size stored,
    Components components,
    List<Integer> ids,
    boolean progressive,
    Orientation orientation,
    long scan) {
  /** The meaning of the components. */
  enum Components {
    GREY,
    YCC,
    RGB,
    CMYK,
    YCCK
  }

  private static final int START = 0xd8;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;
  private static final int COMMENT = 0xfe;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int PROGRESSIVE = 0xc2;
  private static final byte[] JFIF = {
    (byte) 0xff, (byte) APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };
  private static final byte[] ADOBE_AS_STORED = {
    (byte) 0xff, (byte) APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };
  private static final String EXIF = "Exif\0";
  private static final int NO_TRANSFORM = -1; // there is no marker of Adobe

  /**
   * Reads the markers in front of the first scan.
   *
   * @throws IOException if there is none, or no frame
   */
  static JpegFile of(ImageInputStream input) throws IOException {
    byte[] frame = {};
    int process = 0;
    boolean jfif = false;
    int transform = NO_TRANSFORM;
    @Nullable Orientation orientation = null;
    input.seek(2);
    for (int marker = nextMarker(input); marker != SCAN; marker = nextMarker(input)) {
      if (marker == END) {
        throw new EOFException();
      }
      byte[] content = content(input, marker);
      if (isFrame(marker)) {
        frame = content;
        process = marker;
      } else if (marker == APP0 && startsWith(content, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP1 && orientation == null && startsWith(content, EXIF)) {
        orientation = Orientation.ofExif(Arrays.copyOfRange(content, 6, content.length));
      } else if (marker == APP14 && content.length >= 12 && startsWith(content, "Adobe")) {
        transform = content[11] & 0xff;
      }
    }
    if (frame.length < 6 || frame.length < 6 + 3 * frame[5]) {
      throw new IOException("it has no frame in front of its pixels");
    }
    int height = ((frame[1] & 0xff) << 8) | (frame[2] & 0xff);
    int width = ((frame[3] & 0xff) << 8) | (frame[4] & 0xff);
    Components components = components(frame, jfif, transform);
    ImageFiles.Size stored = new ImageFiles.Size(width, height);
    List<Integer> ids = new ArrayList<>();
    for (int at = 6; at < 6 + 3 * frame[5]; at += 3) {
      ids.add(frame[at] & 0xff);
    }
    long scan = input.getStreamPosition() - 2;
    return new JpegFile(
        stored,
        components,
        ids,
        process == PROGRESSIVE,
        orientation == null ? Orientation.UPRIGHT : orientation,
        scan);
  }

  private static boolean startsWith(byte[] content, String name) {
    byte[] start = name.getBytes(StandardCharsets.ISO_8859_1);
    return content.length >= start.length
        && Arrays.equals(content, 0, start.length, start, 0, start.length);
  }

  /** The next marker, which stands behind 0xff; what stands in front of that is skipped. */
  private static int nextMarker(ImageInputStream input) throws IOException {
    while (input.readUnsignedByte() != 0xff) {
      // not a marker
    }
    int marker = 0xff;
    while (marker == 0xff) {
      marker = input.readUnsignedByte();
    }
    return marker;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  /** What stands behind a marker, without its length; empty for markers that have none. */
  private static byte[] content(ImageInputStream input, int marker) throws IOException {
    boolean bare = marker <= 0x01 || (marker >= 0xd0 && marker <= START);
    byte[] content = new byte[bare ? 0 : Math.max(0, input.readUnsignedShort() - 2)];
    input.readFully(content);
    return content;
  }

  private static Components components(byte[] frame, boolean jfif, int transform)
      throws IOException {
    boolean adobe = transform != NO_TRANSFORM;
    return switch (frame[5]) {
      case 1 -> Components.GREY;
      case 3 -> {
        boolean named = frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
        boolean rgb = !jfif && (adobe ? transform == 0 : named);
        yield rgb ? Components.RGB : Components.YCC;
      }
      case 4 -> adobe && transform != 0 ? Components.YCCK : Components.CMYK;
      default -> throw new IOException("it has " + (frame[5] & 0xff) + " components");
    };
  }

  /**
   * Decodes the pixels: grey or RGB.
   *
   * @param file is not closed
   * @param what all of the image or a part
   * @throws IOException if pixels are missing or damaged
   */
  BufferedImage decode(FileInput file, ImageReader reader, ImageReadParam what) throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    reader.setInput(file.withHead(plainMarkers(file), scan), true, true);
    boolean inks = components == Components.CMYK || components == Components.YCCK;
    BufferedImage image = inks ? ofInks(reader.readRaster(0, what)) : reader.read(0, what);
    if (isDamaged(warnings, file)) {
      throw new IOException("it is cut off or damaged");
    }
    return image;
  }

  /**
   * To ImageIO it is no error that pixels are missing: it paints them grey, and warns. That the end
   * marker alone is missing does not matter; but then scans of a progressive file may be as well,
   * and another warning may stand for several, of which libjpeg gives the first.
   */
  private boolean isDamaged(List<String> warnings, FileInput file) throws IOException {
    boolean ended = warnings.stream().noneMatch(JpegFile::isMissingEnd);
    if (!ended
        && (!warnings.stream().allMatch(JpegFile::isMissingEnd)
            || (progressive && !ProgressiveScans.areComplete(file.readAll(), (int) scan, ids)))) {
      return true;
    }
    return warnings.stream()
        .anyMatch(
            warning -> warning.startsWith("Corrupt JPEG data") && !warning.contains("extraneous"));
  }

  private static boolean isMissingEnd(String warning) {
    return warning.contains("Missing EOI");
  }

  /** What stands before the first scan, without application markers. */
  private byte[] plainMarkers(FileInput input) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(0xff);
    plain.write(START);
    boolean converted = components == Components.GREY || components == Components.YCC;
    plain.writeBytes(converted ? JFIF : ADOBE_AS_STORED);
    input.seek(2);
    for (int marker = nextMarker(input); marker != SCAN; marker = nextMarker(input)) {
      byte[] content = content(input, marker);
      boolean application = marker >= APP0 && marker <= APP0 + 15;
      if (!application && marker != COMMENT && content.length > 0) {
        plain.write(0xff);
        plain.write(marker);
        plain.write((content.length + 2) >> 8);
        plain.write(content.length + 2);
        plain.writeBytes(content);
      }
    }
    return plain.toByteArray();
  }

  /** Inks are stored inverted, as by Adobe, and mixed as libjpeg and Pillow do. */
  private BufferedImage ofInks(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[4 * width];
    for (int y = 0, at = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += 4) {
        if (components == Components.YCCK) {
          invertedRgb(row, i);
        }
        for (int channel = 0; channel < 3; channel++) {
          rgb[at++] = (byte) ((row[i + channel] * row[i + 3] + 127) / 255);
        }
      }
    }
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    image.getRaster().setDataElements(0, 0, width, height, rgb);
    return image;
  }

  /** Luma and chroma to 255 minus red, green and blue, in place. */
  private static void invertedRgb(int[] pixels, int at) {
    int y = pixels[at];
    double blue = pixels[at + 1] - 128;
    double red = pixels[at + 2] - 128;
    pixels[at] = inverted(y + 1.402 * red);
    pixels[at + 1] = inverted(y - 0.344136 * blue - 0.714136 * red);
    pixels[at + 2] = inverted(y + 1.772 * blue);
  }

  private static int inverted(double value) {
    return 255 - (int) Math.round(Math.max(0, Math.min(255, value)));
  }
}
