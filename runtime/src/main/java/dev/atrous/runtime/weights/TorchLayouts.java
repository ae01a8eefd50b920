package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.weights.NameTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Layouts of PyTorch's programs. Their backbones are torchvision's. */
final class TorchLayouts {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "weights", ".weight",
          "bias", ".bias",
          "gamma", ".weight",
          "beta", ".bias",
          "moving_mean", ".running_mean",
          "moving_variance", ".running_var");

  private static final Pattern BRANCH = Pattern.compile("aspp/branch(\\d+)/conv/weights");
  private static final Predicate<String> BACKBONE =
      Pattern.compile("^(conv1|bn1|layer\\d)\\.").asPredicate();

  private TorchLayouts() {}

  /** torchvision's DeepLabv3. */
  static Layout torchvision(TensorFile file, List<Parameter> parameters) {
    if (Layout.hasName(file, "(^|\\.)backbone\\.\\d+\\.")) {
      throw Layout.noSpec(file, "its backbone is a MobileNet, and those of specs are ResNets.");
    }
    List<Row> rows = new ArrayList<>(backbone("backbone."));
    rows.addAll(pyramid("classifier.0", parameters));
    rows.addAll(
        List.of(
            Row.of("head/conv", "classifier.1"),
            Row.of("head/bn", "classifier.2"),
            Row.classifier("head/scores", "classifier.4"),
            Row.of("auxiliary/conv", "aux_classifier.0"),
            Row.of("auxiliary/bn", "aux_classifier.1"),
            Row.classifier("auxiliary/scores", "aux_classifier.4")));
    boolean hasAuxiliary = hasAuxiliaryHead(parameters);
    return whole(
        rows,
        name -> !hasAuxiliary && name.startsWith("aux_classifier."),
        Requirements.TORCHVISION);
  }

  /** torchvision's classifiers. */
  static Layout resNet() {
    return partial(
        backbone(""),
        name -> !BACKBONE.test(name),
        Requirements.backbone(
            WeightSource.TORCHVISION_RESNET.toString(), Conventions.Stem.ONE_7X7));
  }

  /** DeepLabV3 of segmentation_models.pytorch; its decoder has had two ways of naming. */
  static Layout segmentationModels(TensorFile file, List<Parameter> parameters) {
    if (Layout.hasName(file, "(^|\\.)decoder\\.(aspp\\.0|block1)\\.")) {
      throw Layout.noSpec(file, "it is a DeepLabV3Plus, whose decoder specs do not have.");
    }
    if (Layout.hasName(file, "(^|\\.)decoder\\.(0|aspp)\\.convs\\.1\\.0\\.\\d")) {
      throw Layout.noSpec(
          file, "the convolutions of its pyramid are separable, and those of specs are not.");
    }
    boolean isNumbered = Layout.hasName(file, "(^|\\.)decoder\\.0\\.");
    List<Row> rows = new ArrayList<>(backbone("encoder."));
    rows.addAll(pyramid(isNumbered ? "decoder.0" : "decoder.aspp", parameters));
    rows.addAll(
        List.of(
            Row.of("head/conv", isNumbered ? "decoder.1" : "decoder.conv"),
            Row.of("head/bn", isNumbered ? "decoder.2" : "decoder.bn"),
            Row.classifier("head/scores", "segmentation_head.0")));
    return whole(
        rows, name -> name.startsWith("classification_head."), Requirements.SEGMENTATION_MODELS);
  }

  /**
   * DeepLabV3 of mmsegmentation: its backbone and its auxiliary head. Its pyramid ends with a 3x3
   * convolution, which specs do not have.
   */
  static Layout mmsegmentation(TensorFile file, List<Parameter> parameters) {
    if (Layout.hasName(file, "(^|\\.)backbone\\.stem\\.")) {
      throw Layout.noSpec(
          file,
          "its stem is three 3x3 convolutions of 32, 32 and 64 channels (ResNetV1c), and those of"
              + " specs are one of 7x7, or three of 64, 64 and 128. mmsegmentation's models r18b,"
              + " r50b and r101b have the one of 7x7.");
    }
    List<Row> rows = new ArrayList<>(backbone("backbone."));
    rows.addAll(
        List.of(
            Row.of("auxiliary/conv", "auxiliary_head.convs.0.conv"),
            Row.of("auxiliary/bn", "auxiliary_head.convs.0.bn"),
            Row.classifier("auxiliary/scores", "auxiliary_head.conv_seg")));
    boolean hasAuxiliary = hasAuxiliaryHead(parameters);
    return partial(
        rows,
        name ->
            !name.startsWith("backbone.") && !(hasAuxiliary && name.startsWith("auxiliary_head.")),
        Requirements.backbone(WeightSource.MMSEGMENTATION.toString(), Conventions.Stem.ONE_7X7));
  }

  private static Layout whole(List<Row> rows, Predicate<String> extras, Requirements requirements) {
    return new Layout(
        new NameTable(rows, VARIABLES),
        false,
        true,
        PixelScale.TORCHVISION,
        TorchLayouts::isCounter,
        extras,
        requirements);
  }

  private static Layout partial(
      List<Row> rows, Predicate<String> extras, Requirements requirements) {
    return new Layout(
        new NameTable(rows, VARIABLES),
        true,
        true,
        PixelScale.TORCHVISION,
        TorchLayouts::isCounter,
        extras,
        requirements);
  }

  private static boolean hasAuxiliaryHead(List<Parameter> parameters) {
    return parameters.stream().anyMatch(p -> p.name().startsWith("auxiliary/"));
  }

  private static List<Row> backbone(String prefix) {
    String unit = prefix + "layer{b}.{u-1}.";
    return List.of(
        Row.of("stem/conv", prefix + "conv1"),
        Row.of("stem/bn", prefix + "bn1"),
        Row.of("block{b}/unit{u}/conv{n}", unit + "conv{n}"),
        Row.of("block{b}/unit{u}/bn{n}", unit + "bn{n}"),
        Row.of("block{b}/unit{u}/shortcutConv", unit + "downsample.0"),
        Row.of("block{b}/unit{u}/shortcutBn", unit + "downsample.1"));
  }

  /** torchvision's pyramid: the image-level features stand behind the branches. */
  private static List<Row> pyramid(String module, List<Parameter> parameters) {
    long branches = parameters.stream().filter(p -> BRANCH.matcher(p.name()).matches()).count();
    String pooling = module + ".convs." + branches;
    return List.of(
        Row.of("aspp/branch{i}/conv", module + ".convs.{i}.0"),
        Row.of("aspp/branch{i}/bn", module + ".convs.{i}.1"),
        Row.of("aspp/imagePooling/conv", pooling + ".1"),
        Row.of("aspp/imagePooling/bn", pooling + ".2"),
        Row.of("aspp/projection/conv", module + ".project.0"),
        Row.of("aspp/projection/bn", module + ".project.1"));
  }

  /** Batches seen, of each batch normalisation. */
  private static boolean isCounter(String name) {
    return name.endsWith("num_batches_tracked");
  }
}
