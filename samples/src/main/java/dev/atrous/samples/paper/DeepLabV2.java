package dev.atrous.samples.paper;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;

/**
 * What the paper improves on: the pyramid of <a
 * href="https://arxiv.org/abs/1606.00915">DeepLabv2</a> on ResNet-101 at output stride 8, whose
 * rates of up to 24 the paper looks at in Figure 4. With the paper's recipe, so that the pyramid is
 * the only difference; neither paper has a figure for that.
 */
@Backbone(value = ResNet.RESNET_101, outputStride = 8)
@ASPP(
    form = ASPP.Form.DEEPLAB_V2,
    rates = {6, 12, 18, 24},
    filters = 1024,
    dropout = 0.5)
public interface DeepLabV2 extends Paper {}
