package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of PyTorch before 1.6, whole and damaged. */
class LegacyTorchTest {
  private static final byte[] MAGIC = {
    0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
  };
  private static final float[] VALUES = {0, 1, 2, 3, 4, 5, 6, 7};

  private final Path file;

  LegacyTorchTest(@TempDir Path directory) {
    file = directory.resolve("weights.pth");
  }

  /** A file under construction. */
  private static final class Legacy {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Legacy(byte[] pickle, Object... keys) {
      write(new PickleWriter().op(PickleOpcode.LONG1).raw((byte) 10).raw(MAGIC));
      write(new PickleWriter().number(1001));
      write(new PickleWriter().op(PickleOpcode.EMPTY_DICT));
      out.writeBytes(pickle);
      PickleWriter list = new PickleWriter().op(PickleOpcode.EMPTY_LIST).op(PickleOpcode.MARK);
      for (Object key : keys) {
        if (key instanceof Integer number) {
          list.number(number);
        } else {
          list.text(key.toString());
        }
      }
      write(list.op(PickleOpcode.APPENDS));
    }

    private void write(PickleWriter pickle) {
      out.writeBytes(pickle.stop());
    }

    Legacy storage(long elements, float... values) {
      ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * values.length);
      bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(elements);
      for (float value : values) {
        bytes.putFloat(value);
      }
      out.writeBytes(bytes.array());
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }

  /** A tensor of three elements from the second on, of a part of a storage. */
  private static PickleWriter partly(
      PickleWriter pickle, String type, String key, long begin, long elements) {
    pickle.global("torch._utils", "_rebuild_tensor_v2");
    pickle.op(PickleOpcode.MARK).op(PickleOpcode.MARK);
    pickle.text("storage").global("torch", type).text(key).text("cuda:0").number(8);
    pickle.op(PickleOpcode.MARK).text("part" + begin).number(begin).number(elements);
    pickle.op(PickleOpcode.TUPLE).op(PickleOpcode.TUPLE).op(PickleOpcode.BINPERSID);
    pickle.number(1).numbers(3).numbers(1).op(PickleOpcode.NEWFALSE);
    return pickle.orderedDict().op(PickleOpcode.TUPLE).op(PickleOpcode.REDUCE);
  }

  private static byte[] parts(long begin, long elements, String secondType) {
    PickleWriter pickle = new PickleWriter().op(PickleOpcode.EMPTY_DICT).op(PickleOpcode.MARK);
    partly(pickle.text("a"), "FloatStorage", "17", 0, 4);
    partly(pickle.text("b"), secondType, "17", begin, elements);
    return pickle.op(PickleOpcode.SETITEMS).stop();
  }

  private TensorFile open(byte[] bytes) throws IOException {
    return TensorFile.open(Files.write(file, bytes));
  }

  private void refuses(byte[] bytes, String part) {
    assertThatThrownBy(() -> open(bytes).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("The weights file " + file + " can't be read: ")
        .hasMessageContaining(part);
  }

  @Test
  void partsOfOneStorageAreRead() throws IOException {
    byte[] bytes = new Legacy(parts(4, 4, "FloatStorage"), "17").storage(8, VALUES).bytes();
    try (TensorFile opened = open(bytes)) {
      assertThat(opened.read("a")).containsExactly(1, 2, 3);
      assertThat(opened.read("b")).containsExactly(5, 6, 7);
    }
  }

  @Test
  void partsMustLieInTheirStorage() {
    for (long[] part :
        new long[][] {{5, 4}, {-1, 4}, {0, -1}, {Long.MAX_VALUE, 2}, {2, 1L << 62}}) {
      byte[] pickle = parts(part[0], part[1], "FloatStorage");
      refuses(new Legacy(pickle, "17").storage(8, VALUES).bytes(), "of a storage of 8");
    }
    byte[] short3 = parts(4, 3, "FloatStorage");
    refuses(new Legacy(short3, "17").storage(8, VALUES).bytes(), "outside of its storage of 3");
  }

  @Test
  void storagesMustBeWhatTheirTensorsSay() {
    byte[] pickle = parts(4, 4, "FloatStorage");
    refuses(new Legacy(pickle, "17").storage(9, VALUES).bytes(), "'17' has 9 elements, and its");
    refuses(new Legacy(pickle, "17").storage(8, 1, 2).bytes(), "'17' reaches beyond the end");
    refuses(new Legacy(pickle, "18").storage(8, VALUES).bytes(), "'18' is of no tensor");
    refuses(new Legacy(pickle).storage(8, VALUES).bytes(), "'17' is not in the file");
    byte[] twice = new Legacy(pickle, "17", "17").storage(8, VALUES).storage(8, VALUES).bytes();
    refuses(twice, "'17' is there twice");
    byte[] types = parts(4, 4, "DoubleStorage");
    refuses(
        new Legacy(types, "17").storage(8, VALUES).bytes(),
        "the storage '17' as 8 of FLOAT32 and as 8 of FLOAT64");
  }

  @Test
  void everyPrefixIsAnError() {
    byte[] bytes = small();
    for (int size = 0; size < bytes.length; size++) {
      byte[] prefix = Arrays.copyOf(bytes, size);
      assertThatThrownBy(() -> open(prefix).close()).isInstanceOf(AtrousException.class);
    }
  }

  /** There is no checksum in this format: a value of a weight is what the file says. */
  @Test
  void everyAlteredByteOfThePicklesIsHandled() throws IOException {
    byte[] bytes = small();
    int errors = 0;
    for (int i = 0; i < bytes.length - 4 * VALUES.length; i++) {
      byte[] altered = bytes.clone();
      altered[i] ^= (byte) 0xff;
      try (TensorFile opened = open(altered)) {
        opened.tensors().keySet().forEach(opened::read);
      } catch (AtrousException e) {
        errors++;
      }
    }
    assertThat(errors).isGreaterThan(bytes.length / 2);
  }

  private static byte[] small() {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    TorchTensor tensor = TorchTensor.of("0", VALUES, 8);
    tensors.put("w", tensor);
    tensors.put("v", tensor.view(2, new long[] {2}, 3));
    return new Legacy(new PickleWriter().stateDict(tensors).stop(), "0").storage(8, VALUES).bytes();
  }
}
