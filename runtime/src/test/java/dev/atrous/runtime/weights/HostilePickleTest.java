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
  void harmfulFunctionsAreNamed() {
    for (String name : new String[] {"os.system", "posix.system", "nt.popen", "subprocess.Popen"}) {
      String[] parts = name.split("\\.", 2);
      refuses(
          new PickleWriter()
              .global(parts[0], parts[1])
              .text("touch /tmp/owned")
              .op(PickleOpcode.TUPLE1)
              .op(PickleOpcode.REDUCE),
          "calls '" + name + "', which no weights need");
    }
    refuses(
        new PickleWriter()
            .text("builtins")
            .text("eval")
            .op(PickleOpcode.STACK_GLOBAL)
            .text("1")
            .op(PickleOpcode.TUPLE1)
            .op(PickleOpcode.NEWOBJ),
        "calls 'builtins.eval'");
    refuses(
        new PickleWriter().op(PickleOpcode.MARK).op(PickleOpcode.INST).raw(lines("os", "popen")),
        "calls 'os.popen'");
    refuses(
        new PickleWriter()
            .op(PickleOpcode.MARK)
            .global("__builtin__", "exec\u001b[31m")
            .op(PickleOpcode.POP)
            .global("__builtin__", "exec")
            .op(PickleOpcode.OBJ),
        "calls '__builtin__.exec'");
  }

  private static byte[] lines(String... lines) {
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** What it would make is not known, and nothing that is known is made of it. */
  @Test
  void otherNamesArePassedOver() throws FormatException {
    for (String name : new String[] {"own.Config", "torch.storage._load_from_bytes", "a.b.c"}) {
      byte[] pickle =
          new PickleWriter()
              .global(name.substring(0, name.lastIndexOf('.')), name.replaceAll(".*\\.", ""))
              .numbers(1)
              .op(PickleOpcode.REDUCE)
              .op(PickleOpcode.EMPTY_DICT)
              .text("key")
              .tensor(TENSOR)
              .op(PickleOpcode.SETITEM)
              .op(PickleOpcode.BUILD)
              .stop();
      assertThat(read(pickle))
          .isInstanceOfSatisfying(
              PickleValues.Instance.class, instance -> assertThat(instance.what()).isEqualTo(name));
    }
    byte[] ofNothing =
        new PickleWriter()
            .global("torch._utils", "_rebuild_parameter")
            .numbers(1, 2, 3)
            .op(PickleOpcode.REDUCE)
            .stop();
    refuses(ofNothing, "calls torch._utils._rebuild_parameter in an unknown way");
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
        "sets attributes of a global");
    refuses(
        new PickleWriter().tensor(TENSOR).op(PickleOpcode.EMPTY_DICT).op(PickleOpcode.BUILD),
        "sets attributes of a view");
  }

  @ParameterizedTest
  @EnumSource(PickleOpcode.class)
  void noOperationFindsWhatIsNotThere(PickleOpcode opcode) {
    assertThatThrownBy(() -> read(new byte[] {(byte) opcode.code()}))
        .isInstanceOf(FormatException.class);
  }

  @Test
  void lengthsAreCompared() {
    PickleWriter text = new PickleWriter().op(PickleOpcode.BINUNICODE).int32(Integer.MAX_VALUE);
    refuses(text, "a text longer than itself");
    refuses(
        new PickleWriter().op(PickleOpcode.BINUNICODE8).int64(Long.MIN_VALUE),
        "a text longer than itself");
    refuses(new PickleWriter().op(PickleOpcode.LONG1).raw((byte) 255), "a number longer than");
    refuses(new PickleWriter().op(PickleOpcode.LONG4).int32(-1), "a number longer than");
    refuses(new PickleWriter().op(PickleOpcode.BINBYTES8).int64(1L << 40), "bytes longer than");
    refuses(new PickleWriter().op(PickleOpcode.BYTEARRAY8).int64(-1), "bytearray longer than");
    refuses(new PickleWriter().op(PickleOpcode.INT).raw(lines("1e")), "has '1e' for a number");
    refuses(new PickleWriter().op(PickleOpcode.FLOAT).raw(lines("")), "has '' for a number");
    refuses(new PickleWriter().op(PickleOpcode.GET).raw(lines("01")), "where a Long belongs");
    refuses(new byte[] {(byte) 0x80, 6}, "protocol 6");
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
    assertThat(read(nested)).isInstanceOf(PickleValues.Tuple.class);
    byte[] key =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.EMPTY_TUPLE)
            .raw(Arrays.copyOfRange(nested, 1, count - 1))
            .op(PickleOpcode.NONE)
            .op(PickleOpcode.SETITEM)
            .stop();
    assertThat(read(key))
        .isInstanceOfSatisfying(
            PickleValues.Dict.class, dict -> assertThat(dict.items()).isEmpty());
  }

  /** Objects in objects, and one that has itself twice: 2 to the power of its depth. */
  @Test
  void modulesInModulesAreBounded() throws FormatException {
    PickleWriter endless = new PickleWriter().global("a", "B").op(PickleOpcode.EMPTY_TUPLE);
    endless.op(PickleOpcode.NEWOBJ).op(PickleOpcode.BINPUT).raw((byte) 0);
    endless.op(PickleOpcode.EMPTY_DICT).op(PickleOpcode.MARK);
    for (String name : new String[] {"x", "y"}) {
      endless.text(name).op(PickleOpcode.BINGET).raw((byte) 0);
    }
    Object root = read(endless.op(PickleOpcode.SETITEMS).op(PickleOpcode.BUILD).stop());
    assertThatThrownBy(() -> StateDict.in(root))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("modules in modules without an end");
  }

  @Test
  void dimensionsAreBounded() {
    PickleWriter pickle = new PickleWriter().global("torch._utils", "_rebuild_tensor_v2");
    pickle.op(PickleOpcode.MARK).op(PickleOpcode.MARK).text("storage");
    pickle.global("torch", "FloatStorage").text("0").text("cpu").number(1);
    pickle.op(PickleOpcode.TUPLE).op(PickleOpcode.BINPERSID).number(0);
    long[] ones = new long[65];
    Arrays.fill(ones, 1);
    refuses(
        pickle.numbers(ones).numbers(ones).op(PickleOpcode.TUPLE).op(PickleOpcode.REDUCE),
        "makes a tensor in an unknown way");
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
    assertThat(read(pickle)).isInstanceOf(PickleValues.Dict.class);
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
            PickleValues.Dict.class,
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
    assertThat(refused).isGreaterThan(1000);
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
