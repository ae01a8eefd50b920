package dev.atrous.runtime.weights;

import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.weights.NameTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a program lays out the weights of a network in its files.
 *
 * @param table which tensor a parameter is
 * @param isPartial whether layers that the table does not know keep their initial values
 * @param isOutputsFirst whether convolutions are {@code [outputs, inputs, height, width]}; else
 *     they are {@code [height, width, inputs, outputs]}, as a model has them
 * @param pixels what the first convolution was trained on
 * @param counters tensors that are no weights; they are not mentioned
 * @param extras tensors that no parameter needs; they are reported as not used
 */
record Layout(
    NameTable table,
    boolean isPartial,
    boolean isOutputsFirst,
    PixelScale pixels,
    Predicate<String> counters,
    Predicate<String> extras) {
  private static final Map<String, String> TORCH_VARIABLES =
      Map.of(
          "weights", ".weight",
          "bias", ".bias",
          "gamma", ".weight",
          "beta", ".bias",
          "moving_mean", ".running_mean",
          "moving_variance", ".running_var");

  private static final Map<String, String> SLIM_VARIABLES =
      Map.of(
          "weights", "/weights",
          "gamma", "/BatchNorm/gamma",
          "beta", "/BatchNorm/beta",
          "moving_mean", "/BatchNorm/moving_mean",
          "moving_variance", "/BatchNorm/moving_variance");

  private static final Pattern SLIM_SCOPE = Pattern.compile("(.*resnet_v1_\\d+)/conv1/weights");
  private static final Pattern BRANCH = Pattern.compile("aspp/branch(\\d+)/conv/weights");

  /** The layout of a file for a model. */
  static Layout of(WeightSource source, TensorFile file, List<Parameter> parameters) {
    return switch (source) {
      case TORCHVISION -> torchvision(parameters);
      case TORCHVISION_RESNET -> torchvisionResNet();
      case TF_SLIM -> slim(file);
    };
  }

  private static Layout torchvision(List<Parameter> parameters) {
    long branches = parameters.stream().filter(p -> BRANCH.matcher(p.name()).matches()).count();
    String pooling = "classifier.0.convs." + branches; // behind the branches
    List<Row> rows = new ArrayList<>(torchBackbone("backbone."));
    rows.addAll(
        List.of(
            Row.of("aspp/branch{i}/conv", "classifier.0.convs.{i}.0"),
            Row.of("aspp/branch{i}/bn", "classifier.0.convs.{i}.1"),
            Row.of("aspp/imagePooling/conv", pooling + ".1"),
            Row.of("aspp/imagePooling/bn", pooling + ".2"),
            Row.of("aspp/projection/conv", "classifier.0.project.0"),
            Row.of("aspp/projection/bn", "classifier.0.project.1"),
            Row.of("head/conv", "classifier.1"),
            Row.of("head/bn", "classifier.2"),
            Row.classifier("head/scores", "classifier.4"),
            Row.of("auxiliary/conv", "aux_classifier.0"),
            Row.of("auxiliary/bn", "aux_classifier.1"),
            Row.classifier("auxiliary/scores", "aux_classifier.4")));
    boolean hasAuxiliaryHead = parameters.stream().anyMatch(p -> p.name().startsWith("auxiliary/"));
    return new Layout(
        new NameTable(rows, TORCH_VARIABLES),
        false,
        true,
        PixelScale.TORCHVISION,
        Layout::isTorchCounter,
        name -> !hasAuxiliaryHead && name.startsWith("aux_classifier."));
  }

  private static Layout torchvisionResNet() {
    return new Layout(
        new NameTable(torchBackbone(""), TORCH_VARIABLES),
        true,
        true,
        PixelScale.TORCHVISION,
        Layout::isTorchCounter,
        name -> name.startsWith("fc."));
  }

  private static List<Row> torchBackbone(String prefix) {
    String unit = prefix + "layer{b}.{u-1}.";
    return List.of(
        Row.of("stem/conv", prefix + "conv1"),
        Row.of("stem/bn", prefix + "bn1"),
        Row.of("block{b}/unit{u}/conv{n}", unit + "conv{n}"),
        Row.of("block{b}/unit{u}/bn{n}", unit + "bn{n}"),
        Row.of("block{b}/unit{u}/shortcutConv", unit + "downsample.0"),
        Row.of("block{b}/unit{u}/shortcutBn", unit + "downsample.1"));
  }

  /** Batches seen, of each batch normalisation. */
  private static boolean isTorchCounter(String name) {
    return name.endsWith(".num_batches_tracked");
  }

  private static Layout slim(TensorFile file) {
    String scope =
        file.tensors().keySet().stream()
            .map(SLIM_SCOPE::matcher)
            .filter(Matcher::matches)
            .map(found -> found.group(1))
            .findFirst()
            .orElse("resnet_v1_50"); // the message then says what was looked for
    String unit = scope + "/block{b}/unit_{u}/bottleneck_v1/";
    NameTable table =
        NameTable.of(
            SLIM_VARIABLES,
            Row.of("stem/conv", scope + "/conv1"),
            Row.of("stem/bn", scope + "/conv1"),
            Row.of("block{b}/unit{u}/conv{n}", unit + "conv{n}"),
            Row.of("block{b}/unit{u}/bn{n}", unit + "conv{n}"),
            Row.of("block{b}/unit{u}/shortcutConv", unit + "shortcut"),
            Row.of("block{b}/unit{u}/shortcutBn", unit + "shortcut"));
    return new Layout(
        table,
        true,
        false,
        PixelScale.SLIM,
        name -> name.equals("global_step") || name.equals("mean_rgb"),
        name -> name.startsWith(scope + "/logits/") || name.endsWith("/Momentum"));
  }
}
