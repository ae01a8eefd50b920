package dev.atrous.runtime.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes pickles of protocol 2, an operation at a time. */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    op(PickleOpcode.PROTO).raw((byte) 2);
  }

  PickleWriter op(PickleOpcode opcode) {
    out.write(opcode.code());
    return this;
  }

  PickleWriter raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter int32(int value) {
    return raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  PickleWriter int64(long value) {
    return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op(PickleOpcode.BINUNICODE).int32(bytes.length).raw(bytes);
  }

  PickleWriter number(long value) {
    return value == (int) value
        ? op(PickleOpcode.BININT).int32((int) value)
        : op(PickleOpcode.LONG1).raw((byte) 8).int64(value);
  }

  PickleWriter global(String module, String name) {
    return op(PickleOpcode.GLOBAL)
        .raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  PickleWriter numbers(long... values) {
    op(PickleOpcode.MARK);
    for (long value : values) {
      number(value);
    }
    return op(PickleOpcode.TUPLE);
  }

  /** A new {@code OrderedDict()}. */
  PickleWriter orderedDict() {
    return global("collections", "OrderedDict")
        .op(PickleOpcode.EMPTY_TUPLE)
        .op(PickleOpcode.REDUCE);
  }

  PickleWriter tensor(TorchTensor tensor) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op(PickleOpcode.MARK)
        .op(PickleOpcode.MARK)
        .text("storage")
        .global("torch", tensor.storage())
        .text(tensor.key())
        .text("cpu")
        .number(tensor.elements())
        .op(PickleOpcode.TUPLE)
        .op(PickleOpcode.BINPERSID)
        .number(tensor.offset())
        .numbers(tensor.sizes())
        .numbers(tensor.strides())
        .op(PickleOpcode.NEWFALSE)
        .orderedDict()
        .op(PickleOpcode.TUPLE)
        .op(PickleOpcode.REDUCE);
  }

  /** As {@code torch.save} writes a module's state dict, with the version numbers. */
  PickleWriter stateDict(Map<String, TorchTensor> tensors) {
    orderedDict().op(PickleOpcode.BINPUT).raw((byte) 0).op(PickleOpcode.MARK);
    tensors.forEach((name, tensor) -> text(name).tensor(tensor));
    return op(PickleOpcode.SETITEMS)
        .op(PickleOpcode.EMPTY_DICT)
        .text("_metadata")
        .orderedDict()
        .op(PickleOpcode.SETITEM)
        .op(PickleOpcode.BUILD);
  }

  byte[] stop() {
    return op(PickleOpcode.STOP).out.toByteArray();
  }
}
