package dev.atrous.processor.interpreter;

import java.util.List;

/** Batch normalisation: {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta}. */
final class Normalization {
  private final Tensor map;
  private final int channels;
  private final double epsilon;

  Normalization(Tensor map, double epsilon) {
    this.map = map;
    this.channels = map.size(3);
    this.epsilon = epsilon;
  }

  /** Number of elements of a channel, over all images. */
  private int count() {
    return map.length() / channels;
  }

  Tensor mean() {
    return Channels.sum(map).map(sum -> sum / count());
  }

  /** Mean squared deviation from the mean. */
  Tensor biasedVariance(Tensor mean) {
    Tensor deviation = Channels.zip(map, mean, (x, m) -> x - m);
    return Channels.sum(deviation.map(d -> d * d)).map(sum -> sum / count());
  }

  /** {@code n / (n - 1)}, what makes a biased variance an unbiased one; 1 for a single element. */
  double correction() {
    return count() == 1 ? 1 : (double) count() / (count() - 1);
  }

  Tensor apply(Tensor gamma, Tensor beta, Tensor mean, Tensor variance) {
    Tensor scaled = Channels.zip(normalized(mean, variance), gamma, (x, g) -> x * g);
    return Channels.zip(scaled, beta, Double::sum);
  }

  private Tensor normalized(Tensor mean, Tensor variance) {
    Tensor centred = Channels.zip(map, mean, (x, m) -> x - m);
    return Channels.zip(centred, variance, (x, v) -> x / Math.sqrt(v + epsilon));
  }

  /** Derivatives by map, gamma and beta where mean and variance are given. */
  List<Tensor> frozenGradient(Tensor dy, Tensor gamma, Tensor mean, Tensor variance) {
    Tensor dGamma = Channels.sum(dy.zip(normalized(mean, variance), (d, x) -> d * x));
    Tensor factor = gamma.zip(variance, (g, v) -> g / Math.sqrt(v + epsilon));
    return List.of(Channels.zip(dy, factor, (d, f) -> d * f), dGamma, Channels.sum(dy));
  }

  /** Derivatives by map, gamma and beta where mean and variance are the map's own. */
  List<Tensor> gradient(Tensor dy, Tensor gamma, Tensor mean, Tensor variance) {
    Tensor normalized = normalized(mean, variance);
    Tensor dGamma = Channels.sum(dy.zip(normalized, (d, x) -> d * x));
    Tensor dBeta = Channels.sum(dy);
    // The mean and the variance follow the map, so its change in their directions has no effect.
    Tensor alongVariance = Channels.zip(normalized, dGamma, (x, d) -> x * d / count());
    Tensor rest =
        Channels.zip(dy, dBeta, (d, b) -> d - b / count()).zip(alongVariance, (d, a) -> d - a);
    Tensor factor = gamma.zip(variance, (g, v) -> g / Math.sqrt(v + epsilon));
    return List.of(Channels.zip(rest, factor, (r, f) -> r * f), dGamma, dBeta);
  }
}
