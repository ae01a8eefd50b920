package dev.atrous.samples.paper;

import dev.atrous.samples.DeepLabV3Model;
import java.util.List;

/**
 * Table 6 of the paper: the best pyramid, {@link dev.atrous.samples.DeepLabV3}, evaluated in more
 * and more expensive ways. All rows have the same network and, but for the last, the same weights.
 */
public interface Table6 {

  /** The rows as printed. */
  static List<Row> rows() {
    String method = "MG(1, 2, 4) + ASPP(6, 12, 18) + image pooling, ";
    Row trained = Row.trained(6, method + "OS = 16", new DeepLabV3Model(), 77.21);
    Row finer = trained.at(method + "OS = 8", 8, 78.51);
    Row scales = finer.multiScale(method + "OS = 8, MS", 79.45);
    Row flipped = scales.flip(method + "OS = 8, MS, flip", 79.77);
    Row coco = flipped.pretrainedOnCoco(method + "OS = 8, MS, flip, COCO", 82.70);
    return List.of(trained, finer, scales, flipped, coco);
  }
}
