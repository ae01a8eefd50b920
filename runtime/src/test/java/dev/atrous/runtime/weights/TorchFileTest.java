package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Archives of {@code torch.save}: what is read, and what is refused before it is. */
class TorchFileTest {
  private static final TorchTensor MATRIX =
      TorchTensor.of("0", new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 3, 4);

  private final Path file;

  TorchFileTest(@TempDir Path directory) {
    file = directory.resolve("weights.pth");
  }

  private static Map<String, TorchTensor> small() {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    tensors.put("conv.weight", MATRIX);
    tensors.put("bn.weight", TorchTensor.of("1", new float[] {-1.5f, 2.5f}, 2));
    tensors.put("bn.num_batches_tracked", TorchTensor.counter("2", 42));
    return tensors;
  }

  private TensorFile open(byte[] bytes) throws IOException {
    return TensorFile.open(Files.write(file, bytes));
  }

  private float[] read(TorchTensor tensor) throws IOException {
    try (TensorFile opened = open(TorchArchive.of(Map.of("x", tensor)).bytes())) {
      return opened.read("x");
    }
  }

  private void refuses(byte[] bytes, String... parts) throws IOException {
    Files.write(file, bytes);
    assertThatThrownBy(() -> TensorFile.open(file).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("The weights file " + file + " can't be read: ")
        .hasMessageContainingAll(parts);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsAStateDict(boolean wide) throws IOException {
    TorchArchive archive = TorchArchive.of(small());
    try (TensorFile opened = open((wide ? archive.wide() : archive).bytes())) {
      assertThat(opened.tensors())
          .containsExactly(
              Map.entry("conv.weight", new StoredTensor(ElementType.FLOAT32, Shape.of(3, 4))),
              Map.entry("bn.weight", new StoredTensor(ElementType.FLOAT32, Shape.of(2))),
              Map.entry(
                  "bn.num_batches_tracked", new StoredTensor(ElementType.INT64, Shape.scalar())));
      assertThat(opened.read("bn.weight")).containsExactly(-1.5f, 2.5f);
      assertThat(opened.read("conv.weight")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      assertThatThrownBy(() -> opened.read("bn.num_batches_tracked"))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("'bn.num_batches_tracked' has the type INT64");
      assertThatThrownBy(() -> opened.read("bn.bias")).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void viewsAreReadInTheirOwnOrder() throws IOException {
    assertThat(read(MATRIX.view(0, new long[] {4, 3}, 1, 4))) // transposed
        .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
    assertThat(read(MATRIX.view(5, new long[] {2, 2}, 4, 1))).containsExactly(5, 6, 9, 10);
    assertThat(read(MATRIX.view(1, new long[] {3}, 4))).containsExactly(1, 5, 9);
    assertThat(read(MATRIX.view(11, new long[0]))).containsExactly(11);
    assertThat(read(MATRIX.view(12, new long[] {0, 5}, 5, 1))).isEmpty();
    assertThat(read(MATRIX.view(0, new long[] {2, 1, 2}, 6, 99, 3))).containsExactly(0, 3, 6, 9);
  }

  @Test
  void sixteenBitsBecomeFloats() throws IOException {
    short[] halves = {0x3c00, (short) 0xc000, 0x3555, 1, 0x7bff, 0x7c00, 0x7e00, (short) 0x8000};
    float[] read = read(TorchTensor.of("HalfStorage", "0", halves, 8));
    assertThat(Arrays.copyOf(read, 6))
        .containsExactly(1, -2, 1365f / 4096, 0x1p-24f, 65504, Float.POSITIVE_INFINITY);
    assertThat(read[6]).isNaN();
    assertThat(Float.floatToRawIntBits(read[7])).isEqualTo(0x80000000);
    short[] brains = {0x3f80, (short) 0xc000, 0x3eab, 0x7f80};
    assertThat(read(TorchTensor.of("BFloat16Storage", "0", brains, 4)))
        .containsExactly(1, -2, 171f / 512, Float.POSITIVE_INFINITY);
  }

  @Test
  void theStateDictOfATrainingCheckpointIsFound() throws IOException {
    byte[] pickle =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.MARK)
            .text("model")
            .stateDict(small())
            .text("epoch")
            .number(29)
            .text("lr_scheduler")
            .op(PickleOpcode.EMPTY_DICT)
            .text("_last_lr")
            .op(PickleOpcode.EMPTY_LIST)
            .op(PickleOpcode.BINFLOAT)
            .raw((byte) 0x3f, (byte) 0xf0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0)
            .raw((byte) 0)
            .op(PickleOpcode.APPEND)
            .op(PickleOpcode.SETITEM)
            .text("args")
            .global("argparse", "Namespace")
            .op(PickleOpcode.EMPTY_TUPLE)
            .op(PickleOpcode.NEWOBJ)
            .op(PickleOpcode.EMPTY_DICT)
            .text("amp")
            .op(PickleOpcode.NEWFALSE)
            .op(PickleOpcode.SETITEM)
            .op(PickleOpcode.BUILD)
            .op(PickleOpcode.SETITEMS)
            .stop();
    try (TensorFile opened = open(TorchArchive.of(pickle, small()).bytes())) {
      assertThat(opened.tensors()).containsOnlyKeys(small().keySet());
      assertThat(opened.read("bn.weight")).containsExactly(-1.5f, 2.5f);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPrefixIsAnError(boolean wide) throws IOException {
    byte[] bytes = (wide ? archive().wide() : archive()).bytes();
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int size = bytes.length - 1; size >= 0; size--) {
        channel.truncate(size);
        assertThatThrownBy(() -> TensorFile.open(file).close()).isInstanceOf(AtrousException.class);
      }
    }
  }

  private static TorchArchive archive() {
    return TorchArchive.of(small());
  }

  @Test
  void everyAlteredByteIsAnErrorOrChangesNoWeight() throws IOException {
    byte[] bytes = archive().wide().bytes();
    int errors = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte[] altered = bytes.clone();
      altered[i] ^= (byte) 0xff;
      try (TensorFile opened = open(altered)) {
        assertThat(opened.read("bn.weight")).containsExactly(-1.5f, 2.5f);
      } catch (AtrousException e) {
        errors++;
      }
    }
    assertThat(errors).isGreaterThan(bytes.length / 2);
  }

  @Test
  void shapesMustFitTheirStorage() throws IOException {
    record Case(TorchTensor view, String message) {}
    long huge = 1L << 40;
    for (Case c :
        new Case[] {
          new Case(MATRIX.view(0, new long[] {13}, 1), "outside of its storage of 12"),
          new Case(MATRIX.view(1, new long[] {12}, 1), "outside of its storage"),
          new Case(MATRIX.view(13, new long[] {0}, 1), "outside of its storage"),
          new Case(MATRIX.view(-1, new long[] {2}, 1), "outside of its storage"),
          new Case(MATRIX.view(0, new long[] {2}, huge), "outside of its storage"),
          new Case(MATRIX.view(0, new long[] {3}, Long.MAX_VALUE), "outside of its storage"),
          new Case(MATRIX.view(0, new long[] {huge}, 1), "has the shape [1099511627776]"),
          new Case(MATRIX.view(0, new long[] {65536, 65536}, 1, 1), "has the shape"),
          new Case(MATRIX.view(0, new long[] {-1}, 1), "has the shape [-1]"),
          new Case(MATRIX.view(0, new long[] {1 << 30}, 0), "overlap"),
          new Case(MATRIX.view(0, new long[] {3, 3}, 1, 1), "overlap"),
          new Case(MATRIX.view(4, new long[] {2}, -1), "overlap"),
          new Case(MATRIX.view(0, new long[] {2}, 1, 1), "in an unknown way")
        }) {
      refuses(TorchArchive.of(Map.of("x", c.view())).bytes(), c.message());
    }
  }

  @Test
  void storagesMustHaveTheSizeThatThePickleSays() throws IOException {
    TorchTensor claims =
        new TorchTensor(
            "FloatStorage", "0", new byte[8], 1L << 40, 0, new long[] {2}, new long[] {1});
    refuses(
        TorchArchive.of(Map.of("x", claims)).bytes(),
        "storage '0' has 8 bytes, which are not 1099511627776 elements of type FLOAT32");
    refuses(
        TorchArchive.of(archivePickle(), Map.of()).bytes(),
        "The archive has no entry 'weights/data/0'");
  }

  private static byte[] archivePickle() {
    return new PickleWriter().stateDict(small()).stop();
  }

  @Test
  void archivesOfOtherKindsAreTold() throws IOException {
    refuses(archive().method(8).bytes(), "is compressed", "torch.save does not compress");
    refuses(new TorchArchive().entry("a.txt", "a").bytes(), "it has no data.pkl");
    refuses(archive().entry("weights/byteorder", "none").bytes(), "byte order is 'none'");
    refuses(new PickleWriter().stateDict(small()).stop(), "a pickle, but not one of torch.save");
    refuses("<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8), "web page");
    refuses(new byte[0], "It has 0 bytes");
    refuses(
        TorchArchive.of(new byte[(16 << 20) + 1], Map.of()).bytes(),
        "Its pickle has 16777217 bytes");
  }

  @Test
  void filesThatAreNotThereAreTold() {
    assertThatThrownBy(() -> TensorFile.open(file).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(file + " does not exist.");
    Path directory = Objects.requireNonNull(file.getParent());
    assertThatThrownBy(() -> TensorFile.open(directory).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("is no file.");
  }

  @Test
  void bigEndianValuesAreRead() throws IOException {
    byte[] swapped = {(byte) 0xbf, (byte) 0xc0, 0, 0, 0x40, 0x20, 0, 0};
    TorchTensor tensor =
        new TorchTensor("FloatStorage", "0", swapped, 2, 0, new long[] {2}, new long[] {1});
    Map<String, TorchTensor> tensors = Map.of("x", tensor);
    byte[] bytes = TorchArchive.of(tensors).entry("weights/byteorder", "big").bytes();
    try (TensorFile opened = open(bytes)) {
      assertThat(opened.read("x")).containsExactly(-1.5f, 2.5f);
    }
  }

  @Test
  void filesWithoutWeightsAreTold() throws IOException {
    byte[] number = new PickleWriter().number(1).stop();
    refuses(TorchArchive.of(number, Map.of()).bytes(), "no tensors by the names of layers, but a");
    refuses(TorchArchive.of(Map.of()).bytes(), "no tensors by the names of layers, but an empty");
    byte[] values =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.MARK)
            .text("epoch")
            .number(1)
            .number(7)
            .tensor(MATRIX)
            .op(PickleOpcode.SETITEMS)
            .stop();
    refuses(
        TorchArchive.of(values, Map.of("x", MATRIX)).bytes(), "a dict with the keys 'epoch', '7'");
  }

  /** Under each key that programs use, and under one that none does. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "state_dict",
        "model_state",
        "model_state_dict",
        "model",
        "net",
        "ema",
        "model_ema",
        "anything"
      })
  void weightsAreFoundUnderAKey(String key) throws IOException {
    byte[] pickle =
        new PickleWriter()
            .op(PickleOpcode.EMPTY_DICT)
            .op(PickleOpcode.MARK)
            .text("optimizer")
            .stateDict(small())
            .text(key)
            .stateDict(small())
            .text("teacher")
            .stateDict(Map.of("bn.weight", MATRIX))
            .op(PickleOpcode.SETITEMS)
            .stop();
    try (TensorFile opened = open(TorchArchive.of(pickle, small()).bytes())) {
      assertThat(opened.tensors()).containsOnlyKeys(small().keySet());
      assertThat(opened.notes())
          .containsExactly(
              "the weights are those under '" + key + "' (3 tensors)",
              "other weights in the file: 'teacher' (1 tensors)");
    }
  }

  /** Python 2: texts are bytes, an ordered dict is a list of lists, tensors are of version 1. */
  @Test
  void filesOfPython2AreRead() throws IOException {
    PickleWriter pickle = new PickleWriter().global("collections", "OrderedDict");
    pickle.op(PickleOpcode.EMPTY_LIST).op(PickleOpcode.EMPTY_LIST);
    pickle.op(PickleOpcode.SHORT_BINSTRING).raw((byte) 1, (byte) 'x').op(PickleOpcode.APPEND);
    pickle.global("torch._utils", "_rebuild_tensor").op(PickleOpcode.MARK).op(PickleOpcode.MARK);
    pickle.text("storage").global("torch", "FloatStorage").text("0").text("cpu").number(12);
    pickle.op(PickleOpcode.TUPLE).op(PickleOpcode.BINPERSID).number(4).numbers(2).numbers(1);
    pickle.op(PickleOpcode.TUPLE).op(PickleOpcode.REDUCE).op(PickleOpcode.APPEND);
    pickle.op(PickleOpcode.APPEND).op(PickleOpcode.TUPLE1).op(PickleOpcode.REDUCE);
    byte[] bytes = TorchArchive.of(pickle.stop(), Map.of("x", MATRIX)).bytes();
    try (TensorFile opened = open(bytes)) {
      assertThat(opened.read("x")).containsExactly(4, 5);
    }
  }
}
