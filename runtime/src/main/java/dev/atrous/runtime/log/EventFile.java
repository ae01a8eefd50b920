package dev.atrous.runtime.log;

import com.google.protobuf.ByteString;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.data.EncodedPicture;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * A file of events for TensorBoard: records of TensorFlow's {@code Event}, each with its length and
 * checksums. It is not written with channels, which an interrupt of the thread would close.
 */
public final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2"; // with steps that a restart takes back
  private static final int MASK = 0xa282ead8;

  private final Path file;
  private final FileOutputStream out;

  /**
   * Begins a file in a folder, under a name of its own.
   *
   * @throws dev.atrous.runtime.AtrousException if it can't be written
   */
  public EventFile(Path folder) {
    file = free(folder);
    try {
      out = new FileOutputStream(file.toFile());
    } catch (IOException e) {
      throw failed(e);
    }
    write(event(0).setFileVersion(VERSION));
  }

  /** As TensorBoard finds files: by {@code tfevents} in the name, in the order of the seconds. */
  private static Path free(Path folder) {
    String name =
        "events.out.tfevents.%010d.%s.%d."
            .formatted(System.currentTimeMillis() / 1000, host(), ProcessHandle.current().pid());
    int number = 0;
    while (Files.exists(folder.resolve(name + number))) {
      number++;
    }
    return folder.resolve(name + number);
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9-]", "_");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Takes back what earlier files of the folder have of steps after this one. */
  public void resumeAfter(long step) {
    write(
        event(step + 1)
            .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
  }

  /** A figure; one that is no number is left out. */
  public void scalar(String tag, long step, double value) {
    if (!Double.isNaN(value)) {
      write(event(step, Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value)));
    }
  }

  /** A picture in colours. */
  public void picture(String tag, long step, EncodedPicture picture) {
    Summary.Image image =
        Summary.Image.newBuilder()
            .setWidth(picture.width())
            .setHeight(picture.height())
            .setColorspace(3)
            .setEncodedImageString(ByteString.copyFrom(picture.bytes()))
            .build();
    write(event(step, Summary.Value.newBuilder().setTag(tag).setImage(image)));
  }

  private static Event.Builder event(long step, Summary.Value.Builder value) {
    return event(step).setSummary(Summary.newBuilder().addValue(value));
  }

  private static Event.Builder event(long step) {
    return Event.newBuilder().setWallTime(System.currentTimeMillis() / 1e3).setStep(step);
  }

  /** A record: length, its checksum, the event, its checksum, each little-endian. */
  private void write(Event.Builder event) {
    byte[] data = event.build().toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(data.length);
    record.putInt(checksum(Arrays.copyOf(record.array(), Long.BYTES)));
    record.put(data).putInt(checksum(data));
    try {
      out.write(record.array());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** CRC-32C, turned and moved so that a checksum of checksums is none of itself. */
  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  private RuntimeException failed(IOException e) {
    return WriteFailure.of("The file for TensorBoard " + file, e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
