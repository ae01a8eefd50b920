package dev.atrous.processor.spec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which output strides a network can have. */
final class OutputStrides {
  private static final int DENSEST = 8;

  private OutputStrides() {}

  /** 8 to 32 for a network that ends with block4, and twice as much for each block more. */
  static List<Integer> legal(int lastBlock) {
    int coarsest = 32 << (lastBlock - 4);
    return IntStream.iterate(DENSEST, stride -> stride <= coarsest, stride -> stride * 2)
        .boxed()
        .toList();
  }

  /** {@code 8, 16 or 32}. */
  static String inWords(List<Integer> strides) {
    String all = strides.stream().map(String::valueOf).collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " or " + all.substring(last + 2);
  }
}
