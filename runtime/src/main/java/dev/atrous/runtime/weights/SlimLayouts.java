package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.weights.NameTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layouts of TensorFlow's slim: ResNet V1, and the DeepLab of the paper's authors around it. The
 * "beta" networks begin with three 3x3 convolutions.
 */
final class SlimLayouts {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "weights", "/weights",
          "bias", "/biases",
          "gamma", "/BatchNorm/gamma",
          "beta", "/BatchNorm/beta",
          "moving_mean", "/BatchNorm/moving_mean",
          "moving_variance", "/BatchNorm/moving_variance");

  private static final Pattern SCOPE =
      Pattern.compile("(?:.*/)?(resnet_v1_\\d+)/conv1(_1)?/weights");

  /** What is no weight: the optimizer's variables, and the mean that images were prepared with. */
  private static final Predicate<String> COUNTERS =
      Pattern.compile("^(global_step|mean_rgb)$|/(Momentum|Adam|Adam_1|RMSProp|RMSProp_1)$")
          .asPredicate();

  private SlimLayouts() {}

  /**
   * The backbone in a file.
   *
   * @param scope of its variables
   * @param isBeta whether its stem is three convolutions
   */
  private record Backbone(String scope, boolean isBeta, boolean isBasic) {
    static Backbone in(TensorFile file) {
      boolean isBasic = Layout.hasName(file, "/lite_bottleneck_v1/");
      for (String name : file.tensors().keySet()) {
        Matcher found = SCOPE.matcher(name);
        if (found.matches()) {
          return new Backbone(found.group(1), found.group(2) != null, isBasic);
        }
      }
      return new Backbone("resnet_v1_50", false, isBasic); // the message says what was looked for
    }

    Conventions.Stem stem() {
      return isBeta ? Conventions.Stem.THREE_3X3 : Conventions.Stem.ONE_7X7;
    }

    List<Row> rows() {
      String unit =
          scope + "/block{b}/unit_{u}/" + (isBasic ? "lite_bottleneck_v1/" : "bottleneck_v1/");
      List<Row> rows = new ArrayList<>();
      rows.add(
          isBeta
              ? Row.of("stem/conv{n}", scope + "/conv1_{n}")
              : Row.of("stem/conv", scope + "/conv1"));
      rows.add(
          isBeta
              ? Row.of("stem/bn{n}", scope + "/conv1_{n}")
              : Row.of("stem/bn", scope + "/conv1"));
      rows.addAll(
          List.of(
              Row.of("block{b}/unit{u}/conv{n}", unit + "conv{n}"),
              Row.of("block{b}/unit{u}/bn{n}", unit + "conv{n}"),
              Row.of("block{b}/unit{u}/shortcutConv", unit + "shortcut"),
              Row.of("block{b}/unit{u}/shortcutBn", unit + "shortcut")));
      return rows;
    }
  }

  /** The backbone alone, of slim's classifiers or of a DeepLab. */
  static Layout backbone(TensorFile file) {
    Backbone backbone = Backbone.in(file);
    return new Layout(
        new NameTable(backbone.rows(), VARIABLES),
        true,
        false,
        backbone.isBeta()
            ? PixelScale.of(Conventions.Preprocessing.MINUS_ONE_TO_ONE)
            : PixelScale.SLIM,
        COUNTERS,
        name ->
            !name.startsWith(backbone.scope() + "/")
                || name.startsWith(backbone.scope() + "/logits/")
                || name.endsWith("/ExponentialMovingAverage"),
        Requirements.backbone(WeightSource.TF_SLIM.toString(), backbone.stem()));
  }

  /** A whole DeepLab. */
  static Layout deepLab(TensorFile file) {
    checkNetwork(file);
    Backbone backbone = Backbone.in(file);
    List<Row> rows = backbone.rows();
    rows.addAll(
        List.of(
            Row.of("aspp/branch{i}/conv", "aspp{i}"),
            Row.of("aspp/branch{i}/bn", "aspp{i}"),
            Row.of("aspp/imagePooling/conv", "image_pooling"),
            Row.of("aspp/imagePooling/bn", "image_pooling"),
            Row.of("aspp/projection/conv", "concat_projection"),
            Row.of("aspp/projection/bn", "concat_projection"),
            Row.classifier("head/scores", "logits/semantic")));
    ModelConventions conventions =
        new ModelConventions(
            Conventions.Stride.LAST_3X3,
            backbone.stem(),
            Conventions.Padding.SYMMETRIC,
            Conventions.FirstUnitRate.OF_BLOCK,
            Conventions.ImageFeatures.FIRST,
            Conventions.Head.SCORES,
            Conventions.Interpolation.ALIGN_CORNERS,
            Conventions.WeightDecay.CONVOLUTIONS,
            backbone.isBeta()
                ? Conventions.Preprocessing.MINUS_ONE_TO_ONE
                : Conventions.Preprocessing.MEAN,
            Conventions.InitialValues.HE_FAN_IN);
    return new Layout(
        new NameTable(rows, VARIABLES),
        false,
        false,
        PixelScale.of(conventions.preprocessing()),
        COUNTERS,
        name ->
            name.startsWith(backbone.scope() + "/logits/")
                || name.endsWith("/ExponentialMovingAverage"),
        Requirements.tensorFlow(conventions));
  }

  private static void checkNetwork(TensorFile file) {
    if (Layout.hasName(file, "(^|/)(xception_\\d+|MobilenetV\\d|pnasnet|hnasnet)/")) {
      throw Layout.noSpec(file, "its backbone is no ResNet, and those of specs are.");
    }
    if (Layout.hasName(file, "(^|/)decoder/")) {
      throw Layout.noSpec(file, "it is a DeepLabv3+, whose decoder specs do not have.");
    }
    if (Layout.hasName(file, "(^|/)aspp\\d+_(depthwise|pointwise)/")) {
      throw Layout.noSpec(
          file,
          "the convolutions of its pyramid are separable (--aspp_with_separable_conv), and those"
              + " of specs are not.");
    }
  }
}
