package dev.atrous.processor.interpreter;

import java.util.ArrayList;
import java.util.List;

/** A part of one axis of a tensor of any rank. */
record Range(int axis, int begin, int end) {

  /** The part of a tensor. */
  Tensor cut(Tensor whole) {
    List<Integer> shape = new ArrayList<>(whole.shape());
    shape.set(axis, end - begin);
    Tensor part = Tensor.zeros(shape);
    eachRow(whole.shape(), (from, to, length) -> copy(whole, from, part, to, length));
    return part;
  }

  /** Puts a part where it was cut from. */
  void paste(Tensor part, Tensor whole) {
    eachRow(whole.shape(), (to, from, length) -> copy(part, from, whole, to, length));
  }

  private static void copy(Tensor source, int from, Tensor target, int to, int length) {
    System.arraycopy(source.data(), from, target.data(), to, length);
  }

  /** A run of elements that follow each other both in the whole and in the part. */
  private interface Row {
    void at(int whole, int part, int length);
  }

  private void eachRow(List<Integer> whole, Row row) {
    int outer = whole.subList(0, axis).stream().reduce(1, Math::multiplyExact);
    int inner = whole.subList(axis + 1, whole.size()).stream().reduce(1, Math::multiplyExact);
    int length = (end - begin) * inner;
    for (int i = 0; i < outer; i++) {
      row.at((i * whole.get(axis) + begin) * inner, i * length, length);
    }
  }
}
