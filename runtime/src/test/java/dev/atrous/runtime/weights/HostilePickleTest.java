package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pickles that would execute something in Python, or that claim what they do not have. */
class HostilePickleTest {
  private static final TorchTensor TENSOR = TorchTensor.of("0", new float[] {1, 2}, 2);

  private static Object read(byte[] pickle) throws FormatException {
    return PickleReader.read(ByteBuffer.wrap(pickle), new TorchGlobals());
  }

  private static void refuses(byte[] pickle, String part) {
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(part);
  }

  private static void refuses(PickleWriter pickle, String part) {
    refuses(pickle.stop(), part);
  }

  @Test
  void functionsAreNotCalled() {
    refuses(
        new PickleWriter()
            .global("os", "system")
            .text("touch /tmp/owned")
            .op(PickleOpcode.TUPLE1)
            .op(PickleOpcode.REDUCE),
        "the global 'os.system', which a state dict of tensors does not need");
    refuses(
        new PickleWriter()
            .text("builtins")
            .text("eval")
            .op(PickleOpcode.STACK_GLOBAL)
            .text("1")
            .op(PickleOpcode.TUPLE1)
            .op(PickleOpcode.REDUCE),
        "the global 'builtins.eval'");
    refuses(new PickleWriter().global("torch.storage", "_load_from_bytes"), "_load_from_bytes'");
    refuses(new PickleWriter().global("torch", "FloatStorage.__class__"), "FloatStorage.__class__");
    refuses(new PickleWriter().global("a\u001b[31m", "b").op(PickleOpcode.REDUCE), "'a?[31m.b'");
  }

  @Test
  void knownNamesAreCalledInTheirKnownWayAlone() {
    refuses(
        new PickleWriter().global("torch", "FloatStorage").numbers(1).op(PickleOpcode.REDUCE),
        "calls torch.FloatStorage in an unknown way");
    refuses(
        new PickleWriter().global("collections", "OrderedDict").numbers(1).op(PickleOpcode.REDUCE),
        "calls collections.OrderedDict in an unknown way");
    refuses(
        new PickleWriter()
            .global("torch._utils", "_rebuild_tensor_v2")
            .numbers(1, 2, 3)
            .op(PickleOpcode.REDUCE),
        "makes a tensor in an unknown way");
    refuses(new PickleWriter().text("0").op(PickleOpcode.BINPERSID), "storage in an unknown way");
    refuses(
        new PickleWriter().text("os.system").numbers(1).op(PickleOpcode.REDUCE),
        "a string where a Global belongs");
  }

  @Test
  void attributesOfObjectsAreNotSet() {
    refuses(
        new PickleWriter()
            .global("torch", "FloatStorage")
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.BUILD),
        "the operation BUILD on a global");
    refuses(
        new PickleWriter().tensor(TENSOR).op(PickleOpcode.EMPTY_DICT).op(PickleOpcode.BUILD),
        "the operation BUILD on a view");
  }

  @ParameterizedTest
  @EnumSource(
      value = PickleOpcode.class,
      names = {
        "INST",
        "OBJ",
        "NEWOBJ_EX",
        "EXT1",
        "EXT2",
        "EXT4",
        "PERSID",
        "DUP",
        "POP",
        "POP_MARK",
        "INT",
        "LONG",
        "LONG4",
        "FLOAT",
        "STRING",
        "BINSTRING",
        "SHORT_BINSTRING",
        "UNICODE",
        "BINBYTES",
        "SHORT_BINBYTES",
        "BINBYTES8",
        "BYTEARRAY8",
        "NEXT_BUFFER",
        "READONLY_BUFFER",
        "EMPTY_SET",
        "ADDITEMS",
        "FROZENSET",
        "DICT",
        "LIST",
        "PUT",
        "GET"
      })
  void otherOperationsAreNamed(PickleOpcode opcode) {
    refuses(new PickleWriter().op(opcode), "the operation " + opcode + ",");
  }

  @Test
  void lengthsAreCompared() {
    PickleWriter text = new PickleWriter().op(PickleOpcode.BINUNICODE).int32(Integer.MAX_VALUE);
    refuses(text, "a text longer than itself");
    refuses(
        new PickleWriter().op(PickleOpcode.BINUNICODE8).int64(Long.MIN_VALUE),
        "a text longer than itself");
    refuses(new PickleWriter().op(PickleOpcode.LONG1).raw((byte) 255), "a number of 255 bytes");
    refuses(
        new PickleWriter().op(PickleOpcode.SHORT_BINUNICODE).raw((byte) 1, (byte) 0xff),
        "not UTF-8");
    refuses(new byte[] {(byte) 0x80, 1}, "protocol 1");
    refuses(new byte[] {(byte) 0xff}, "0xff, which is no operation");
    refuses(new PickleWriter().op(PickleOpcode.BINGET).raw((byte) 3), "did not keep");
    refuses(new PickleWriter().op(PickleOpcode.MARK).number(1), "more than one value");
    refuses(
        new PickleWriter().number(1).op(PickleOpcode.MARK).op(PickleOpcode.TUPLE1), "not there");
    refuses(new PickleWriter().op(PickleOpcode.TUPLE), "not there");
    refuses(new PickleWriter(), "not there");
  }

  @Test
  void depthAndNumberDoNotMatter() throws FormatException {
    int count = 1 << 20;
    for (PickleOpcode opcode :
        new PickleOpcode[] {
          PickleOpcode.MARK, PickleOpcode.EMPTY_DICT, PickleOpcode.EMPTY_LIST, PickleOpcode.NONE
        }) {
      byte[] many = new byte[count];
      Arrays.fill(many, (byte) opcode.code());
      refuses(many, "cut off");
    }
    byte[] nested = new byte[count];
    Arrays.fill(nested, (byte) PickleOpcode.TUPLE1.code());
    nested[0] = (byte) PickleOpcode.NONE.code();
    nested[count - 1] = (byte) PickleOpcode.STOP.code();
    assertThat(read(nested)).isInstanceOf(PickleReader.Tuple.class);
    byte[] key =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.EMPTY_TUPLE)
            .raw(Arrays.copyOfRange(nested, 1, count - 1))
            .op(PickleOpcode.NONE)
            .op(PickleOpcode.SETITEM)
            .stop();
    refuses(key, "a dict with a tuple for a key");
  }

  @Test
  void aDictInItselfIsOnlyAValue() throws FormatException {
    byte[] pickle =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.BINPUT)
            .raw((byte) 0)
            .text("self")
            .op(PickleOpcode.BINGET)
            .raw((byte) 0)
            .op(PickleOpcode.SETITEM)
            .stop();
    assertThat(read(pickle)).isInstanceOf(PickleReader.Dict.class);
  }

  @Test
  void laterProtocolsAreRead() throws FormatException {
    byte[] pickle =
        new PickleWriter()
            .op(PickleOpcode.FRAME)
            .int64(99)
            .op(PickleOpcode.SHORT_BINUNICODE)
            .raw((byte) 11)
            .raw("collections".getBytes(StandardCharsets.UTF_8))
            .op(PickleOpcode.MEMOIZE)
            .text("OrderedDict")
            .op(PickleOpcode.STACK_GLOBAL)
            .op(PickleOpcode.EMPTY_TUPLE)
            .op(PickleOpcode.REDUCE)
            .op(PickleOpcode.BINGET)
            .raw((byte) 0)
            .op(PickleOpcode.LONG1)
            .raw((byte) 2, (byte) 0xfe, (byte) 0xff)
            .op(PickleOpcode.SETITEM)
            .stop();
    assertThat(read(pickle))
        .isInstanceOfSatisfying(
            PickleReader.Dict.class,
            dict -> assertThat(dict.items()).isEqualTo(Map.of("collections", -2L)));
  }

  /**
   * Each byte with each of its bits turned over, or another operation: a value or the exception.
   */
  @Test
  void anyAlteredByteIsHandled() {
    byte[] pickle = new PickleWriter().stateDict(Map.of("w", TENSOR)).stop();
    int read = 0;
    int refused = 0;
    for (int i = 0; i < pickle.length; i++) {
      for (byte value : alternatives(pickle[i])) {
        byte[] altered = pickle.clone();
        altered[i] = value;
        try {
          read(altered);
          read++;
        } catch (FormatException e) {
          refused++;
        }
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isGreaterThan(read);
  }

  private static byte[] alternatives(byte original) {
    ByteBuffer all = ByteBuffer.allocate(8 + PickleOpcode.values().length);
    for (int bit = 0; bit < 8; bit++) {
      all.put((byte) (original ^ 1 << bit));
    }
    for (PickleOpcode opcode : PickleOpcode.values()) {
      all.put((byte) opcode.code());
    }
    return Arrays.copyOf(all.array(), all.capacity());
  }
}
