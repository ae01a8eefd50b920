package dev.atrous.runtime.model;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The loss of {@code @Loss}: part of the generated step, and here to be shown, and for what depends
 * on it.
 *
 * @param crossEntropy factor of the cross-entropy; 0 if it is no part of the loss
 * @param focal factor of the focal loss, likewise
 * @param dice factor of the Dice loss, likewise
 * @param focalGamma exponent of the focal loss
 * @param classWeights of the cross-entropy and the focal loss, class 0 first; empty if all are 1
 */
public record LossRecipe(
    double crossEntropy, double focal, double dice, double focalGamma, List<Double> classWeights) {
  /** The cross-entropy alone. */
  public static final LossRecipe CROSS_ENTROPY = new LossRecipe(1, 0, 0, 2, List.of());

  public LossRecipe {
    classWeights = List.copyOf(classWeights);
  }

  /** {@code cross-entropy + 0.5 * dice, class weights 1, 4}. */
  public String inWords() {
    List<String> terms = new ArrayList<>();
    term(crossEntropy, "cross-entropy", terms);
    term(focal, "focal (gamma " + plain(focalGamma) + ")", terms);
    term(dice, "dice", terms);
    String sum = String.join(" + ", terms);
    return classWeights.isEmpty()
        ? sum
        : sum
            + ", class weights "
            + classWeights.stream().map(LossRecipe::plain).collect(Collectors.joining(", "));
  }

  private static void term(double factor, String name, List<String> terms) {
    if (factor > 0) {
      terms.add(factor == 1 ? name : plain(factor) + " * " + name);
    }
  }

  /** Without an exponent. */
  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** Whether a part of the loss has class weights. */
  public boolean isWeighted() {
    return crossEntropy > 0 || focal > 0;
  }
}
