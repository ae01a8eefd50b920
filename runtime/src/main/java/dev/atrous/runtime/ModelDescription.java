package dev.atrous.runtime;

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
 * @param layers every convolution in the order of the network, an auxiliary head included, at the
 *     training crop and output stride
 * @param conventions what the network does where implementations differ
 */
public record ModelDescription(
    String name,
    String backbone,
    int classes,
    int crop,
    int outputStride,
    List<Integer> outputStrides,
    TrainingRecipe training,
    List<LayerDescription> layers,
    ModelConventions conventions) {

  public ModelDescription {
    outputStrides = List.copyOf(outputStrides);
    layers = List.copyOf(layers);
  }

  /** Multiply-adds of all convolutions for one crop. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(LayerDescription::multiplyAdds).sum();
  }
}
