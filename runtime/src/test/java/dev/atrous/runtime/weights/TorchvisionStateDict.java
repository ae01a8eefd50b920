package dev.atrous.runtime.weights;

import dev.atrous.runtime.op.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * torchvision's DeepLabv3 written twice: as its state dict has it, and as the parameters of a
 * model.
 *
 * @param units of each of the four layers
 * @param base channels of the first convolution, 64 in the real one
 * @param filters of the pyramid, 256 in the real one
 */
record TorchvisionStateDict(List<Integer> units, int base, int filters, int classes) {
  static final TorchvisionStateDict RESNET_50 =
      new TorchvisionStateDict(List.of(3, 4, 6, 3), 64, 256, 21);

  static final TorchvisionStateDict RESNET_101 =
      new TorchvisionStateDict(List.of(3, 4, 23, 3), 64, 256, 21);

  /** Two units in all but the first layer, two channels. */
  static final TorchvisionStateDict TINY = new TorchvisionStateDict(List.of(1, 2, 2, 2), 2, 4, 3);

  /** Shapes of the backbone by the names in the file. */
  Map<String, List<Long>> backbone(String prefix) {
    Map<String, List<Long>> dict = new LinkedHashMap<>();
    conv(dict, prefix + "conv1", base, 3, 7);
    norm(dict, prefix + "bn1", base);
    int inputs = base;
    for (int layer = 1; layer <= 4; layer++) {
      int width = base << (layer - 1);
      for (int unit = 0; unit < units.get(layer - 1); unit++) {
        String path = prefix + "layer" + layer + "." + unit + ".";
        conv(dict, path + "conv1", width, inputs, 1);
        norm(dict, path + "bn1", width);
        conv(dict, path + "conv2", width, width, 3);
        norm(dict, path + "bn2", width);
        conv(dict, path + "conv3", 4 * width, width, 1);
        norm(dict, path + "bn3", 4 * width);
        if (unit == 0) {
          conv(dict, path + "downsample.0", 4 * width, inputs, 1);
          norm(dict, path + "downsample.1", 4 * width);
        }
        inputs = 4 * width;
      }
    }
    return dict;
  }

  /** Shapes of the whole model with its auxiliary head. */
  Map<String, List<Long>> all() {
    Map<String, List<Long>> dict = backbone("backbone.");
    int features = base * 32;
    conv(dict, "classifier.0.convs.0.0", filters, features, 1);
    norm(dict, "classifier.0.convs.0.1", filters);
    for (int branch = 1; branch <= 3; branch++) {
      conv(dict, "classifier.0.convs." + branch + ".0", filters, features, 3);
      norm(dict, "classifier.0.convs." + branch + ".1", filters);
    }
    conv(dict, "classifier.0.convs.4.1", filters, features, 1);
    norm(dict, "classifier.0.convs.4.2", filters);
    conv(dict, "classifier.0.project.0", filters, 5 * filters, 1);
    norm(dict, "classifier.0.project.1", filters);
    conv(dict, "classifier.1", filters, filters, 3);
    norm(dict, "classifier.2", filters);
    conv(dict, "classifier.4", classes, filters, 1);
    dict.put("classifier.4.bias", shape(classes));
    conv(dict, "aux_classifier.0", filters, base * 16, 3);
    norm(dict, "aux_classifier.1", filters);
    conv(dict, "aux_classifier.4", classes, filters, 1);
    dict.put("aux_classifier.4.bias", shape(classes));
    return dict;
  }

  private static void conv(
      Map<String, List<Long>> dict, String path, int outputs, int inputs, int kernel) {
    dict.put(path + ".weight", shape(outputs, inputs, kernel, kernel));
  }

  private static void norm(Map<String, List<Long>> dict, String path, int channels) {
    for (String name : List.of(".weight", ".bias", ".running_mean", ".running_var")) {
      dict.put(path + name, shape(channels));
    }
    dict.put(path + ".num_batches_tracked", List.of());
  }

  private static List<Long> shape(int... sizes) {
    return Arrays.stream(sizes).asLongStream().boxed().toList();
  }

  /** The backbone's parameters. */
  List<Parameter> backboneParameters() {
    List<Parameter> all = new ArrayList<>();
    layer(all, "stem/conv", "stem/bn", 7, 3, base);
    int inputs = base;
    for (int block = 1; block <= 4; block++) {
      int width = base << (block - 1);
      for (int unit = 1; unit <= units.get(block - 1); unit++) {
        String path = "block" + block + "/unit" + unit + "/";
        layer(all, path + "conv1", path + "bn1", 1, inputs, width);
        layer(all, path + "conv2", path + "bn2", 3, width, width);
        layer(all, path + "conv3", path + "bn3", 1, width, 4 * width);
        if (unit == 1) {
          layer(all, path + "shortcutConv", path + "shortcutBn", 1, inputs, 4 * width);
        }
        inputs = 4 * width;
      }
    }
    return all;
  }

  /** All parameters of the model. */
  List<Parameter> parameters(boolean auxiliary) {
    List<Parameter> all = backboneParameters();
    int features = base * 32;
    layer(all, "aspp/branch0/conv", "aspp/branch0/bn", 1, features, filters);
    for (int i = 1; i <= 3; i++) {
      layer(all, "aspp/branch" + i + "/conv", "aspp/branch" + i + "/bn", 3, features, filters);
    }
    layer(all, "aspp/imagePooling/conv", "aspp/imagePooling/bn", 1, features, filters);
    layer(all, "aspp/projection/conv", "aspp/projection/bn", 1, 5 * filters, filters);
    layer(all, "head/conv", "head/bn", 3, filters, filters);
    scores(all, "head/scores");
    if (auxiliary) {
      layer(all, "auxiliary/conv", "auxiliary/bn", 3, base * 16, filters);
      scores(all, "auxiliary/scores");
    }
    return all;
  }

  private void scores(List<Parameter> all, String path) {
    all.add(Parameter.classifier(path + "/weights", 1, 1, filters, classes));
    all.add(Parameter.bias(path + "/bias", classes));
  }

  private static void layer(
      List<Parameter> all, String conv, String norm, int kernel, int inputs, int outputs) {
    all.add(Parameter.weights(conv + "/weights", kernel, kernel, inputs, outputs));
    all.addAll(Parameter.batchNorm(norm, outputs));
  }
}
