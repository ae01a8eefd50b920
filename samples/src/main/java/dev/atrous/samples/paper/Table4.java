package dev.atrous.samples.paper;

import java.util.List;

/**
 * Table 4 of the paper: the best cascade, {@link Table3.ResNet101Block7Grid121}, evaluated in more
 * and more expensive ways. All rows have the same weights.
 */
public interface Table4 {

  /** The rows as printed. */
  static List<Row> rows() {
    Row trained =
        Row.trained(
            4, "block7 + MG(1, 2, 1), OS = 16", new Table3_ResNet101Block7Grid121Model(), 76.66);
    Row finer = trained.at("block7 + MG(1, 2, 1), OS = 8", 8, 78.05);
    Row scales = finer.multiScale("block7 + MG(1, 2, 1), OS = 8, MS", 78.93);
    Row flipped = scales.flip("block7 + MG(1, 2, 1), OS = 8, MS, flip", 79.35);
    return List.of(trained, finer, scales, flipped);
  }
}
