package dev.atrous.runtime.model;

import java.util.List;

/**
 * What the compiler knows about a model, written into the generated code.
 *
 * @param name simple name of the spec, for example {@code DeepLabV3}
 * @param backbone for example {@code ResNet-101}
 * @param classes number of labels, background included
 * @param crop side of the training crop in pixels
 * @param outputStride image size divided by feature map size, as trained
 * @param outputStrides those at which inference can run with the same weights, ascending
 * @param training the recipe
 * @param loss what training minimises
 * @param layers every convolution in the order of the network, an auxiliary head included, at the
 *     training crop and output stride
 * @param parameterBytes memory of all parameters and moving averages
 * @param momentumBytes memory of the optimizer's state in training
 * @param conventions what the network does where implementations differ
 * @param pixels how the values of images become the input of the network; it has a value for each
 *     band of images
 * @param classNames one for each class, class 0 first; empty if the spec gives none
 * @param inherited the values that the spec does not write itself, in the order of the annotations
 * @param phase which of the trainings that the spec has one after the other; crop, output stride,
 *     recipe, layers and memory are those of the phase
 */
public record ModelDescription(
    String name,
    String backbone,
    int classes,
    int crop,
    int outputStride,
    List<Integer> outputStrides,
    TrainingRecipe training,
    LossRecipe loss,
    List<LayerDescription> layers,
    long parameterBytes,
    long momentumBytes,
    ModelConventions conventions,
    PixelScale pixels,
    List<String> classNames,
    List<InheritedValue> inherited,
    TrainingPhase phase) {

  public ModelDescription {
    outputStrides = List.copyOf(outputStrides);
    layers = List.copyOf(layers);
    classNames = List.copyOf(classNames);
    inherited = List.copyOf(inherited);
  }

  /** A model whose training has no phases. */
  public ModelDescription(
      String name,
      String backbone,
      int classes,
      int crop,
      int outputStride,
      List<Integer> outputStrides,
      TrainingRecipe training,
      LossRecipe loss,
      List<LayerDescription> layers,
      long parameterBytes,
      long momentumBytes,
      ModelConventions conventions,
      PixelScale pixels,
      List<String> classNames,
      List<InheritedValue> inherited) {
    this(
        name,
        backbone,
        classes,
        crop,
        outputStride,
        outputStrides,
        training,
        loss,
        layers,
        parameterBytes,
        momentumBytes,
        conventions,
        pixels,
        classNames,
        inherited,
        TrainingPhase.ONLY);
  }

  /** Whether a new run starts from weights: those of the phase before, or some that it keeps. */
  public boolean needsWeights() {
    return phase.isLater() || training.keepsWeights();
  }

  /** Bands of an image; 3 of 8 bits are red, green and blue. */
  public int bands() {
    return pixels.bands();
  }

  /** Whether images are prepared as the conventions say, not by the numbers of the spec. */
  public boolean hasConventionalPixels() {
    return pixels.equals(PixelScale.of(conventions.preprocessing()));
  }

  /** Trainable scalars. */
  public long parameters() {
    return layers.stream().mapToLong(LayerDescription::parameters).sum();
  }

  /** Multiply-adds of all convolutions for one crop. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(LayerDescription::multiplyAdds).sum();
  }

  /**
   * What a training step keeps of the forward pass for the backward pass, for a batch, with maps in
   * float32.
   */
  public long activationBytes() {
    return layers.stream().mapToLong(LayerDescription::activationBytes).sum();
  }

  /** Likewise with maps in bfloat16. */
  public long bfloat16ActivationBytes() {
    return layers.stream().mapToLong(LayerDescription::bfloat16ActivationBytes).sum();
  }

  /**
   * What a training step holds from its forward pass to its update, for a batch of the recipe:
   * parameters and moving averages, the optimizer's state, and the activations kept, with maps in
   * float32. Gradients in flight and the workspace of the operations come on top.
   */
  public long trainingBytes() {
    return parameterBytes + momentumBytes + activationBytes();
  }

  /** Likewise with maps in bfloat16. */
  public long bfloat16TrainingBytes() {
    return parameterBytes + momentumBytes + bfloat16ActivationBytes();
  }
}
