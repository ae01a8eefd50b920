package dev.atrous.runtime.weights;

import java.nio.file.Path;
import java.util.Optional;

/** Programs whose trained weights can be imported. */
public enum WeightSource {
  /**
   * torchvision's {@code deeplabv3_resnet50} and {@code 101}: a whole model. A file of PyTorch or
   * safetensors with the names of its state dict.
   */
  TORCHVISION("torchvision"),
  /**
   * torchvision's {@code resnet18} to {@code resnet152}, trained on ImageNet: a backbone. What else
   * the model has keeps its initial values.
   */
  TORCHVISION_RESNET("torchvision-resnet"),
  /**
   * The ResNet V1 of TensorFlow's slim ({@code resnet_v1_50}, {@code 101}, {@code 152}), "beta" or
   * not, trained on ImageNet or in a DeepLab: a backbone. What else the model has keeps its initial
   * values.
   */
  TF_SLIM("tf-slim"),
  /**
   * The DeepLab of the paper's authors ({@code research/deeplab} of tensorflow/models) with ResNet
   * V1: a whole model. A TensorFlow checkpoint.
   */
  TF_DEEPLAB("tf-deeplab"),
  /**
   * {@code DeepLabV3} of segmentation_models.pytorch with a ResNet: a whole model. A file of
   * PyTorch or safetensors.
   */
  SEGMENTATION_MODELS("segmentation-models"),
  /**
   * DeepLabV3 of mmsegmentation with a ResNet of one 7x7 convolution: its backbone, and its
   * auxiliary head if the model has one. What else the model has keeps its initial values.
   */
  MMSEGMENTATION("mmsegmentation");

  private final String text;

  WeightSource(String text) {
    this.text = text;
  }

  /** The program whose files have such names; empty if there is none. */
  static Optional<WeightSource> of(TensorFile file) {
    if (Layout.hasName(file, "resnet_v1_\\d+/block1/")) {
      return Optional.of(
          Layout.hasName(file, "(^|/)logits/semantic/weights$") ? TF_DEEPLAB : TF_SLIM);
    }
    if (Layout.hasName(file, "(^|\\.)encoder\\.layer1\\.0\\.conv1\\.weight$")) {
      return Optional.of(SEGMENTATION_MODELS);
    }
    if (!Layout.hasName(file, "(^|\\.)layer1\\.0\\.conv1\\.weight$")) {
      return Optional.empty();
    }
    if (Layout.hasName(file, "(^|\\.)decode_head\\.")) {
      return Optional.of(MMSEGMENTATION);
    }
    boolean isWhole = Layout.hasName(file, "(^|\\.)classifier\\.0\\.convs\\.");
    return Optional.of(isWhole ? TORCHVISION : TORCHVISION_RESNET);
  }

  TensorFile open(Path path) {
    return this == TF_SLIM || this == TF_DEEPLAB
        ? TensorFile.openCheckpoint(path)
        : TensorFile.open(path);
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return text;
  }
}
