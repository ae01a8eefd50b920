package dev.atrous.samples.parity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** A state dict of torchvision, with the values of {@link Formula}. */
final class StateDict {
  private final Goldens tensors;

  /** The state dict whose names and shapes are in a golden file. */
  StateDict(Goldens tensors) {
    this.tensors = tensors;
  }

  /** Writes a safetensors file, tensor by tensor. */
  void write(Path file) throws IOException {
    byte[] header = header().getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer start = buffer(Long.BYTES + header.length).putLong(header.length).put(header);
      write(channel, start);
      for (String name : tensors.keys()) {
        List<String> golden = tensors.texts(name);
        float[] values = Formula.tensor(name, shape(name), golden.size() > 1 ? golden.get(1) : "");
        ByteBuffer bytes = buffer(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        write(channel, bytes.position(bytes.limit()));
      }
    }
  }

  private String header() {
    StringBuilder json = new StringBuilder("{");
    long begin = 0;
    for (String name : tensors.keys()) {
      long end = begin + Float.BYTES * shape(name).stream().reduce(1, Math::multiplyExact);
      json.append(json.length() == 1 ? "" : ",")
          .append(
              "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                  .formatted(name, shape(name), begin, end));
      begin = end;
    }
    return json.append("}").toString();
  }

  private List<Integer> shape(String name) {
    return Arrays.stream(tensors.texts(name).get(0).split(",", -1)).map(Integer::valueOf).toList();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void write(FileChannel channel, ByteBuffer filled) throws IOException {
    filled.flip();
    while (filled.hasRemaining()) {
      channel.write(filled);
    }
  }
}
