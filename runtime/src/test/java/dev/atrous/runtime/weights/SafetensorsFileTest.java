package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class SafetensorsFileTest {
  /** 1.5 and -2 in three types, and a counter. */
  private static final String HEADER =
      """
      {"__metadata__": {"format":"pt"},
       "a/\\u00e4\\"":{"shape":[2],"dtype":"F32","data_offsets":[0,8]},
       "half":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},
       "brain":{"dtype":"BF16","shape":[2,1],"data_offsets":[12,16]},
       "count":{"dtype":"I64","shape":[],"data_offsets":[16,24]},
       "none":{"dtype":"F32","shape":[0,7],"data_offsets":[24,24]}}   \
      """;

  private static final byte[] DATA =
      ByteBuffer.allocate(24)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putFloat(1.5f)
          .putFloat(-2)
          .putInt(0xc0003e00)
          .putInt(0xc0003fc0)
          .putLong(42)
          .array();

  private final Path file;

  SafetensorsFileTest(@TempDir Path directory) {
    file = directory.resolve("model.safetensors");
  }

  private void refuses(byte[] bytes, String part) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> TensorFile.open(file).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("The weights file " + file + " can't be read: ")
        .hasMessageContaining(part);
  }

  @Test
  void readsTensors() throws IOException {
    Files.write(file, SafetensorsWriter.of(HEADER, DATA));
    try (TensorFile opened = TensorFile.open(file)) {
      assertThat(opened.tensors())
          .containsExactly(
              Map.entry("a/ä\"", new StoredTensor(ElementType.FLOAT32, Shape.of(2))),
              Map.entry("half", new StoredTensor(ElementType.FLOAT16, Shape.of(1, 2))),
              Map.entry("brain", new StoredTensor(ElementType.BFLOAT16, Shape.of(2, 1))),
              Map.entry("count", new StoredTensor(ElementType.INT64, Shape.scalar())),
              Map.entry("none", new StoredTensor(ElementType.FLOAT32, Shape.of(0, 7))));
      assertThat(opened.read("a/ä\"")).containsExactly(1.5f, -2);
      assertThat(opened.read("half")).containsExactly(1.5f, -2);
      assertThat(opened.read("brain")).containsExactly(1.5f, -2);
      assertThat(opened.read("none")).isEmpty();
      assertThatThrownBy(() -> opened.read("count"))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("'count' has the type INT64");
    }
  }

  @Test
  void everyPrefixIsAnError() throws IOException {
    byte[] bytes = SafetensorsWriter.of(HEADER, DATA);
    for (int size = 0; size < bytes.length; size++) {
      refuses(Arrays.copyOf(bytes, size), "");
    }
    refuses(Arrays.copyOf(bytes, bytes.length + 1), "the file has 25 of them");
  }

  @Test
  void anyAlteredByteOfTheHeaderIsHandled() {
    byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
    byte[] others = "{}[]:,\"\\ 0-.u\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    int refused = 0;
    for (int i = 0; i < header.length; i++) {
      for (byte value : others) {
        byte[] altered = header.clone();
        altered[i] = value;
        try {
          SafetensorsHeader.parse(ByteBuffer.wrap(altered));
        } catch (FormatException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(header.length * 5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],"
            + "'data_offsets':[4,12]}}; 'b' begins at byte 4, the one before it ends at 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}; begins at byte 4",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}; given 4 bytes and has 8",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,900]}}; given 900 bytes and has 8",
        "{'a':{'dtype':'F32','shape':[9],'data_offsets':[0,36]}}; the file has 12",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,9],'data_offsets':[0,12]}}; shape",
        "{'a':{'dtype':'F32','shape':[999999999999999999],'data_offsets':[0,12]}}; has the shape",
        "{'a':{'dtype':'F32','shape':[9999999999999999999],'data_offsets':[0,8]}}; a whole number",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,8]}}; a whole number",
        "{'a':{'dtype':'F32','shape':[1.0],'data_offsets':[0,8]}}; ']'",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8,9]}}; lacks",
        "{'a':{'dtype':'F32','shape':[2]}}; lacks",
        "{'a':{'dtype':'F8_E4M3','shape':[12],'data_offsets':[0,12]}}; 'F8_E4M3', whose size",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12],'x':[]}}; dtype, shape or",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}x; the end",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},'a':{'dtype':'F32','shape':[3],"
            + "'data_offsets':[0,12]}}; a name twice",
        "{'__metadata__':{'a':{'b':'c'}}}; '\"'",
        "{'a\\x':{}}; an escape",
        "{'a\\u00zz':{}}; four hexadecimal digits",
        "{'a; the end of a string"
      })
  void contradictionsAreTold(String header, String message) throws IOException {
    refuses(SafetensorsWriter.of(header.replace('\'', '"'), new byte[12]), message);
  }

  @Test
  void lengthsAreCompared() throws IOException {
    byte[] bytes = SafetensorsWriter.of(HEADER, DATA);
    for (long length : new long[] {Long.MAX_VALUE, -1, bytes.length - 7L, 1L << 40}) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      refuses(bytes, "Its header would have " + Long.toUnsignedString(length) + " bytes");
    }
    refuses(SafetensorsWriter.of(new byte[] {'{', (byte) 0xff}, DATA), "not UTF-8");
    String deep = "{\"__metadata__\":" + "{\"a\":".repeat(1_000_000);
    refuses(SafetensorsWriter.of(deep), "something else than");
  }
}
