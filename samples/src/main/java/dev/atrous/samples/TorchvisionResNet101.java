package dev.atrous.samples;

import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;

/**
 * torchvision's {@code deeplabv3_resnet101}, layer by layer, with the recipe of its reference
 * training.
 */
@SuppressWarnings("ATR023") // rate 36 sees 40% of its weights on a map of 65 x 65, as there
@Backbone(ResNet.RESNET_101)
public interface TorchvisionResNet101 extends TorchvisionResNet50 {}
