package dev.atrous.processor.plan;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.ir.ValidWeights;
import dev.atrous.processor.spec.Annotations;
import dev.atrous.processor.spec.ModelSpec;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the rates suit the maps of the training crop. Where a 3x3 filter reaches too far, most of
 * its weights meet padding, and in the end it is a 1x1 filter (section 3.3 of the paper, Figure 4).
 */
final class RateChecks {
  /** Mean share of its weights with which a filter is good. */
  static final double GOOD_SHARE = 0.5;

  private static final String PYRAMID = "aspp";
  private static final String CROP = Annotations.SEGMENTATION_MODEL + ".crop";
  private static final String RATES = Annotations.ASPP + ".rates";
  private static final String LAST_BLOCK = Annotations.ATROUS_CASCADE + ".lastBlock";
  private static final String MULTI_GRID = Annotations.ATROUS_CASCADE + ".multiGrid";

  private final ModelSpec spec;
  private final Diagnostics diagnostics;

  /** Those with a 3x3 filter in the pyramid. */
  private final List<LayerPlan> branches;

  /** Those with a 3x3 filter elsewhere, by what the multi-grid multiplies their rate by. */
  private final TreeMap<Integer, List<LayerPlan>> byUnitRate;

  RateChecks(ModelSpec spec, ModelPlan plan, Diagnostics diagnostics) {
    this.spec = spec;
    this.diagnostics = diagnostics;
    this.branches = filters(plan).filter(RateChecks::isBranch).toList();
    this.byUnitRate =
        filters(plan)
            .filter(layer -> !isBranch(layer))
            .collect(Collectors.groupingBy(LayerPlan::unitRate, TreeMap::new, Collectors.toList()));
  }

  private static Stream<LayerPlan> filters(ModelPlan plan) {
    return plan.layers().stream().filter(layer -> layer.kernel() == 3);
  }

  private static boolean isBranch(LayerPlan layer) {
    return layer.block().equals(PYRAMID);
  }

  void check() {
    boolean gridDead = isGridDead();
    byUnitRate.forEach(
        (unitRate, layers) -> {
          LayerPlan worst = worst(layers);
          if (unitRate == 1 && isPoor(worst)) {
            reportBaseRate(worst, layers);
          } else if (isPoor(worst) && !gridDead) {
            reportUnitRate(worst);
          }
        });
    if (gridDead) {
      report(
          DiagnosticId.MULTI_GRID_WITHOUT_EFFECT,
          MULTI_GRID,
          "on the map of the training crop the 3x3 filters of block4 and later see their centre alone, whatever the"
              + " rate of their unit. Use a larger crop, or leave it out.");
    }
    branches.stream().filter(RateChecks::isPoor).forEach(this::reportBranch);
  }

  /** Whether the filters that a multi-grid changes are dead without it. */
  private boolean isGridDead() {
    return byUnitRate.lastKey() > 1
        && byUnitRate.tailMap(1, false).values().stream()
            .flatMap(List::stream)
            .allMatch(layer -> layer.baseRate() >= layer.input().height());
  }

  /** Without a multi-grid a cascade is to blame, or the crop if block4 has such a rate already. */
  private void reportBaseRate(LayerPlan worst, List<LayerPlan> layers) {
    int first = layers.stream().filter(RateChecks::isPoor).findFirst().orElse(worst).blockNumber();
    String rate = "a rate of " + worst.rate() + " (" + worst.block() + ")";
    String crop = "Use a crop of at least " + goodCrop(worst);
    if (first > 4) {
      reportRate(LAST_BLOCK, rate, worst, crop + ", or 'lastBlock = " + (first - 1) + "'.");
    } else {
      reportRate(CROP, rate, worst, crop + ".");
    }
  }

  private void reportUnitRate(LayerPlan worst) {
    int unitRate = worst.unitRate();
    int index = spec.cascade().multiGrid().indexOf(unitRate);
    int good = largestGoodRate(worst) / worst.baseRate();
    reportRate(
        MULTI_GRID + "[" + index + "]",
        "a rate of " + worst.rate() + " (unit rate " + unitRate + " in " + worst.block() + ")",
        worst,
        "Use a crop of at least "
            + goodCrop(worst)
            + (good == 0 ? "." : ", or a unit rate of at most " + good + "."));
  }

  private void reportBranch(LayerPlan branch) {
    ModelSpec.Pyramid pyramid = spec.aspp().orElseThrow();
    int good = largestGoodRate(branch);
    reportRate(
        RATES + "[" + pyramid.rates().indexOf(branch.rate()) + "]",
        "a rate of " + branch.rate(),
        branch,
        (pyramid.imagePooling()
                ? "Image pooling keeps the context of the whole image"
                : "'imagePooling = true' adds the context of the whole image")
            + ". For half of the weights to meet the map, use a crop of at least "
            + goodCrop(branch)
            + (good == 0 ? "." : ", or a rate of at most " + good + "."));
  }

  private void reportRate(String path, String rate, LayerPlan layer, String remedy) {
    ValidWeights valid = layer.validWeights();
    report(
        DiagnosticId.VALID_WEIGHTS,
        path,
        rate,
        layer.input().height(),
        layer.input().width(),
        Math.min(49, percent(valid.share())), // fewer than half
        percent(valid.positions(9)),
        percent(valid.positions(4)),
        percent(valid.positions(1)),
        remedy);
  }

  private void report(DiagnosticId id, String path, Object... arguments) {
    diagnostics.report(id, spec.origins().of(path), arguments);
  }

  private static long percent(double share) {
    return Math.round(100 * share);
  }

  private static boolean isPoor(LayerPlan layer) {
    return !isGood(layer.validWeights());
  }

  private static boolean isGood(ValidWeights weights) {
    return weights.share() >= GOOD_SHARE;
  }

  /** The one with the fewest valid weights; if several see their centre alone, the farthest. */
  private static LayerPlan worst(List<LayerPlan> layers) {
    return layers.stream()
        .min(
            Comparator.comparingDouble(LayerPlan::validShare)
                .thenComparing(LayerPlan::rate, Comparator.reverseOrder()))
        .orElseThrow();
  }

  /** 0 if none is good on the map. */
  private static int largestGoodRate(LayerPlan poor) {
    ValidWeights weights = poor.validWeights();
    return Search.first(1, poor.rate(), rate -> !isGood(weights.atRate(rate))) - 1;
  }

  /** The smallest crop that is 1 modulo the output stride and has a map that suits the rate. */
  private int goodCrop(LayerPlan poor) {
    int size = poor.input().height();
    // The share is (1 - 2 / 3 * rate / size) ^ 2 at a stride of 1: 60% at 3 times the rate.
    int map =
        Search.first(
            size, size + 3 * poor.rate(), other -> isGood(poor.validWeights().onMap(other)));
    int stride = 1;
    while ((spec.crop() - 1) / stride + 1 > size) {
      stride *= 2;
    }
    int outputStride = spec.backbone().outputStride();
    int pixels = (map - 1) * stride;
    return (pixels + outputStride - 1) / outputStride * outputStride + 1;
  }
}
