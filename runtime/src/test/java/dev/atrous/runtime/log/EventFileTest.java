package dev.atrous.runtime.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.data.Image;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

@NullUnmarked // JUnit sets the directory
class EventFileTest {
  @TempDir Path directory;

  /** The records of the one file of a folder, whose checksums are right. */
  static List<Event> events(Path folder) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Path file : files(folder)) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        byte[] length = new byte[8];
        bytes.get(length);
        assertThat(bytes.getInt()).isEqualTo(maskedChecksum(length));
        long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        byte[] data = new byte[Math.toIntExact(size)];
        bytes.get(data);
        assertThat(bytes.getInt()).isEqualTo(maskedChecksum(data));
        events.add(Event.parseFrom(data));
      }
    }
    return events;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains("tfevents")).sorted().toList();
    }
  }

  /** CRC-32C bit by bit, as RFC 3720 defines it, masked as the TFRecord format does. */
  private static int maskedChecksum(byte[] bytes) {
    int crc = ~0;
    for (byte value : bytes) {
      crc ^= value & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }

  @Test
  void hasWhatTensorBoardReads() throws Exception {
    byte[] rgb = {1, 2, 3, 4, 5, 6};
    try (EventFile file = new EventFile(directory)) {
      file.resumeAfter(20);
      file.scalar("loss", 30, 0.5);
      file.scalar("iou", 30, Double.NaN);
      file.picture("prediction", 30, EncodedPicture.png(new Image(2, 1, rgb)));
    }
    List<Event> events = events(directory);
    assertThat(events).hasSize(4);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(0).getWallTime())
        .isCloseTo(System.currentTimeMillis() / 1e3, within(600.0));
    assertThat(events.get(1).getStep()).isEqualTo(21);
    assertThat(events.get(1).getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
    assertThat(events.get(2).getStep()).isEqualTo(30);
    assertThat(events.get(2).getSummary().getValue(0).getTag()).isEqualTo("loss");
    assertThat(events.get(2).getSummary().getValue(0).getSimpleValue()).isEqualTo(0.5f);
    Summary.Image image = events.get(3).getSummary().getValue(0).getImage();
    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(image.getHeight()).isEqualTo(1);
    assertThat(image.getColorspace()).isEqualTo(3);
    byte[] png = image.getEncodedImageString().toByteArray();
    assertThat(ImageIO.read(new ByteArrayInputStream(png)).getRGB(1, 0)).isEqualTo(0xff040506);
  }

  @Test
  void eachFileHasItsName() throws Exception {
    new EventFile(directory).close();
    new EventFile(directory).close();
    assertThat(files(directory)).hasSize(2);
  }
}
