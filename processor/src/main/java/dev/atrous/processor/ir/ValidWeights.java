package dev.atrous.processor.ir;

import java.util.Arrays;

/**
 * How many weights of a filter meet the map, and not the padding around it, at each position
 * (section 3.3 of the paper, Figure 4). A filter is separable in this: at a position in some row
 * and column, the product of the taps that meet it along both.
 */
public final class ValidWeights {
  private final ForwardOp.Conv2D conv;
  private final int kernelHeight;
  private final int kernelWidth;
  private final int height;
  private final int width;
  private final int[] rows;
  private final int[] columns;

  private ValidWeights(
      ForwardOp.Conv2D conv, int kernelHeight, int kernelWidth, int height, int width) {
    this.conv = conv;
    this.kernelHeight = kernelHeight;
    this.kernelWidth = kernelWidth;
    this.height = height;
    this.width = width;
    this.rows = taps(conv, kernelHeight, height);
    this.columns = taps(conv, kernelWidth, width);
  }

  /** Of a convolution on the map that it is planned for. */
  public static ValidWeights of(Node conv) {
    return new ValidWeights(
        (ForwardOp.Conv2D) conv.op(),
        conv.input(1).size(0),
        conv.input(1).size(1),
        conv.input(0).size(1),
        conv.input(0).size(2));
  }

  /** Of the same filter at another rate. */
  public ValidWeights atRate(int rate) {
    ForwardOp.Conv2D other = new ForwardOp.Conv2D(conv.stride(), rate, conv.padding());
    return new ValidWeights(other, kernelHeight, kernelWidth, height, width);
  }

  /** Of the same filter on a square map of another size. */
  public ValidWeights onMap(int size) {
    return new ValidWeights(conv, kernelHeight, kernelWidth, size, size);
  }

  /** For each output along an axis of the map, the taps that meet the input. */
  private static int[] taps(ForwardOp.Conv2D conv, int kernel, int size) {
    int outputs = (size - 1) / conv.stride() + 1;
    int before = before(conv, kernel, size, outputs);
    int[] valid = new int[outputs];
    for (int i = 0; i < outputs; i++) {
      for (int tap = 0; tap < kernel; tap++) {
        int position = i * conv.stride() - before + tap * conv.rate();
        valid[i] += position >= 0 && position < size ? 1 : 0;
      }
    }
    return valid;
  }

  /** What is added in front of the map. */
  private static int before(ForwardOp.Conv2D conv, int kernel, int size, int outputs) {
    int reach = conv.rate() * (kernel - 1);
    return conv.padding() == Padding.SYMMETRIC
        ? reach / 2
        : Math.max(0, (outputs - 1) * conv.stride() + reach + 1 - size) / 2;
  }

  /** The mean over all positions, as a share of the filter's weights: 0 to 1. */
  public double share() {
    double all = (double) kernelHeight * kernelWidth * rows.length * columns.length;
    return (double) Arrays.stream(rows).sum() * Arrays.stream(columns).sum() / all;
  }

  /** The share of the positions at which exactly so many weights are valid. */
  public double positions(int weights) {
    long count = 0;
    for (int row : rows) {
      for (int column : columns) {
        count += row * column == weights ? 1 : 0;
      }
    }
    return (double) count / rows.length / columns.length;
  }
}
