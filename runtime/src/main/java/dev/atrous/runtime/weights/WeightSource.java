package dev.atrous.runtime.weights;

import java.nio.file.Path;

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
   * The ResNet V1 of TensorFlow's slim ({@code resnet_v1_50}, {@code 101}, {@code 152}), trained on
   * ImageNet: a backbone. What else the model has keeps its initial values.
   */
  TF_SLIM("tf-slim");

  private final String text;

  WeightSource(String text) {
    this.text = text;
  }

  TensorFile open(Path path) {
    return this == TF_SLIM ? TensorFile.openCheckpoint(path) : TensorFile.open(path);
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return text;
  }
}
