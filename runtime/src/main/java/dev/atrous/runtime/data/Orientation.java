package dev.atrous.runtime.data;

import java.awt.Rectangle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How stored pixels are turned to be shown: the values 1 to 8 of the EXIF tag, in its order. */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  HALF_TURN(false, true, true),
  UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  QUARTER_TURN(true, false, true), // clockwise
  TRANSVERSE(true, true, true),
  THREE_QUARTER_TURN(true, true, false);

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private final boolean transposed;
  private final boolean flippedColumns; // of the stored image
  private final boolean flippedRows;

  Orientation(boolean transposed, boolean flippedColumns, boolean flippedRows) {
    this.transposed = transposed;
    this.flippedColumns = flippedColumns;
    this.flippedRows = flippedRows;
  }

  /** That of a tag's value; other values than 1 to 8 say nothing. */
  static Orientation of(int value) {
    return value >= 1 && value <= values().length ? values()[value - 1] : UPRIGHT;
  }

  /**
   * Reads the tag.
   *
   * @param exif from its byte order on; damaged ones say nothing
   */
  static Orientation ofExif(byte[] exif) {
    try {
      ByteBuffer in = ByteBuffer.wrap(exif);
      in.order(in.getShort() == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      in.position(in.getInt(4));
      int entries = Short.toUnsignedInt(in.getShort());
      for (int at = in.position(), i = 0; i < entries; i++, at += ENTRY_BYTES) {
        if (Short.toUnsignedInt(in.getShort(at)) == TAG) {
          int value = in.getShort(at + 2) == SHORT ? in.getShort(at + 8) : in.getInt(at + 8);
          return of(value);
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      return UPRIGHT;
    }
    return UPRIGHT;
  }

  /** The size that an image of this stored size is shown in, and the other way round. */
  ImageFiles.Size turned(ImageFiles.Size size) {
    return transposed
        ? new ImageFiles.Size(/* width= */ size.height(), /* height= */ size.width())
        : size;
  }

  /** Where the pixels of some rows of the shown image are stored. */
  Rectangle stored(ImageFiles.Size size, int top, int count) {
    if (transposed) {
      int left = flippedColumns ? size.width() - top - count : top;
      return new Rectangle(left, 0, count, size.height());
    }
    return new Rectangle(0, flippedRows ? size.height() - top - count : top, size.width(), count);
  }

  /**
   * Turns pixels.
   *
   * @param stored {@code [H, W, channels]}, row-major, of the stored size
   * @return the same array if nothing is to be turned
   */
  byte[] apply(byte[] stored, ImageFiles.Size size, int channels) {
    if (this == UPRIGHT) {
      return stored;
    }
    ImageFiles.Size shown = turned(size);
    byte[] pixels = new byte[stored.length];
    for (int y = 0, at = 0; y < shown.height(); y++) {
      for (int x = 0; x < shown.width(); x++) {
        int column = transposed ? y : x;
        int row = transposed ? x : y;
        column = flippedColumns ? size.width() - 1 - column : column;
        row = flippedRows ? size.height() - 1 - row : row;
        int from = channels * (row * size.width() + column);
        for (int channel = 0; channel < channels; channel++) {
          pixels[at++] = stored[from + channel];
        }
      }
    }
    return pixels;
  }
}
