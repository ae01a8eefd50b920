package dev.atrous.samples.paper;

import dev.atrous.runtime.model.CompiledModel;

/**
 * One figure of the paper's Tables 1 to 6, all of them on PASCAL VOC 2012 val.
 *
 * @param table 1 to 6
 * @param label what the table prints beside the figure
 * @param model the trained network
 * @param outputStride of the evaluation
 * @param multiScale whether images are evaluated at scales 0.5, 0.75, 1, 1.25, 1.5 and 1.75
 * @param flip whether they are evaluated from left to right and from right to left
 * @param pretraining where the weights come from before the training on VOC
 * @param miou published mean intersection over union, in percent
 */
public record Row(
    int table,
    String label,
    CompiledModel model,
    int outputStride,
    boolean multiScale,
    boolean flip,
    Pretraining pretraining,
    double miou) {

  /** Where the weights come from before the training on VOC. */
  public enum Pretraining {
    /** The backbone was trained to classify ImageNet. */
    IMAGENET,
    /** From there, the whole network was trained on COCO's images with VOC's classes. */
    COCO
  }

  /** A network evaluated as it was trained. */
  static Row trained(int table, String label, CompiledModel model, double miou) {
    int outputStride = model.description().outputStride();
    return new Row(table, label, model, outputStride, false, false, Pretraining.IMAGENET, miou);
  }

  /** The same weights evaluated at another output stride. */
  Row at(String newLabel, int newStride, double newMiou) {
    return new Row(table, newLabel, model, newStride, multiScale, flip, pretraining, newMiou);
  }

  /** The same weights evaluated at several scales. */
  Row multiScale(String newLabel, double newMiou) {
    return new Row(table, newLabel, model, outputStride, true, flip, pretraining, newMiou);
  }

  /** The same weights evaluated on mirrored images too. */
  Row flip(String newLabel, double newMiou) {
    return new Row(table, newLabel, model, outputStride, multiScale, true, pretraining, newMiou);
  }

  /** The same network and evaluation, from better weights. */
  Row pretrainedOnCoco(String newLabel, double newMiou) {
    return new Row(
        table, newLabel, model, outputStride, multiScale, flip, Pretraining.COCO, newMiou);
  }
}
