package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.ATROUS_CASCADE;
import static dev.atrous.processor.spec.Annotations.BACKBONE;
import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads {@code @Backbone} and {@code @AtrousCascade}: all blocks of the network. */
final class BackboneReader {
  static final String NETWORK = BACKBONE + ".value";
  private static final String OUTPUT_STRIDE = BACKBONE + ".outputStride";
  private static final String WIDTH = BACKBONE + ".width";
  private static final String LAST_BLOCK = ATROUS_CASCADE + ".lastBlock";
  private static final String MULTI_GRID = ATROUS_CASCADE + ".multiGrid";

  private final SpecReader reader;
  private final Findings findings;

  BackboneReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** Empty, with a finding, if there is none. */
  Optional<ModelSpec.Backbone> backbone(int lastBlock) {
    if (!reader.isWritten(NETWORK)) {
      findings.report(
          DiagnosticId.BACKBONE_MISSING,
          reader.has(BACKBONE) ? BACKBONE : SEGMENTATION_MODEL,
          reader.whereLooked());
      return Optional.empty();
    }
    double width = reader.real(WIDTH);
    if (!(width > 0 && width <= 2)) {
      findings.report(DiagnosticId.WIDTH_RANGE, WIDTH, width);
    }
    int outputStride = reader.integer(OUTPUT_STRIDE);
    List<Integer> legal = OutputStrides.legal(lastBlock);
    if (!legal.contains(outputStride)) {
      findings.report(
          DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
          OUTPUT_STRIDE,
          outputStride,
          lastBlock,
          OutputStrides.inWords(legal),
          OutputStrides.legal(7).contains(outputStride)
              ? " A longer cascade reaches it: '@AtrousCascade(lastBlock = "
                  + (Integer.numberOfTrailingZeros(outputStride) - 1)
                  + ")'."
              : "");
    }
    Architecture architecture = reader.constant(NETWORK, Architecture.class);
    return Optional.of(new ModelSpec.Backbone(architecture, outputStride, width));
  }

  /** The nearest possible one if another is written. */
  int lastBlock() {
    int lastBlock = reader.integer(LAST_BLOCK);
    int nearest = Math.min(Math.max(lastBlock, 4), 7);
    if (lastBlock != nearest) {
      findings.report(DiagnosticId.LAST_BLOCK_RANGE, LAST_BLOCK, lastBlock, nearest);
    }
    return nearest;
  }

  /** All ones unless it is written. */
  List<Integer> multiGrid(Architecture architecture) {
    int units = architecture.units(4);
    List<Integer> multiGrid = reader.integers(MULTI_GRID);
    if (multiGrid.isEmpty()) {
      return Collections.nCopies(units, 1);
    }
    if (multiGrid.size() != units) {
      findings.report(
          DiagnosticId.MULTI_GRID_LENGTH,
          MULTI_GRID,
          multiGrid.size(),
          architecture.title(),
          units,
          units == 2 ? "{1, 2}" : "{1, 2, 4}");
    } else if (multiGrid.stream().allMatch(rate -> rate == 1) && !reader.isInherited(MULTI_GRID)) {
      findings.report(
          DiagnosticId.MULTI_GRID_WITHOUT_EFFECT,
          MULTI_GRID,
          "it multiplies each rate by 1, as it is without it. Leave it out, or give other rates, for example"
              + " 'multiGrid = "
              + (units == 2 ? "{1, 2}" : "{1, 2, 4}")
              + "'.");
    }
    for (int i = 0; i < multiGrid.size(); i++) {
      if (!PyramidReader.isRate(multiGrid.get(i))) {
        findings.report(
            DiagnosticId.MULTI_GRID_RANGE, MULTI_GRID + "[" + i + "]", multiGrid.get(i));
      }
    }
    return multiGrid;
  }
}
