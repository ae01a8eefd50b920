package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.Layers.Filter;
import dev.atrous.processor.spec.ModelSpec;

/** The backbone: stem, block1 to block4, and the cascade of copies of block4. */
final class ResNet {
  private static final int BASE_CHANNELS = 64;
  private static final int EXPANSION = 4;

  private final GraphBuilder graph;
  private final Layers layers;
  private final ModelSpec spec;
  private final AtrousSchedule schedule;

  ResNet(GraphBuilder graph, Layers layers, ModelSpec spec, int outputStride) {
    this.graph = graph;
    this.layers = layers;
    this.spec = spec;
    this.schedule = AtrousSchedule.of(spec.cascade().lastBlock(), outputStride);
  }

  /** From the normalised image to the last feature map. */
  Value build(Value image) {
    Scope stem = Scope.of("stem");
    Value conv = layers.convBnRelu(stem, "", image, new Filter(7, channels(1), 2, 1));
    Value x = graph.add(stem, "pool", new ForwardOp.MaxPool(3, 2), conv).output();
    for (int block = 1; block <= spec.cascade().lastBlock(); block++) {
      x = block(block, x);
    }
    return x;
  }

  private Value block(int number, Value input) {
    int units = spec.backbone().architecture().units(number);
    AtrousSchedule.Block block = schedule.block(number);
    Value x = input;
    for (int unit = 1; unit <= units; unit++) {
      int grid = number < 4 ? 1 : spec.cascade().multiGrid().get(unit - 1);
      int stride = unit == units ? block.stride() : 1;
      Scope scope = new Scope("block" + number, "unit" + unit);
      Filter atrous = new Filter(3, channels(number), stride, block.rate() * grid);
      x =
          spec.backbone().architecture().bottleneck()
              ? bottleneck(scope, x, atrous)
              : basic(scope, x, atrous);
    }
    return x;
  }

  /** 1x1, 3x3 with stride and rate, 1x1 to four times the channels; added to the shortcut. */
  private Value bottleneck(Scope scope, Value x, Filter atrous) {
    int outputs = atrous.channels() * EXPANSION;
    Value first = layers.convBnRelu(scope, "1", x, new Filter(1, atrous.channels(), 1, 1));
    Value second = layers.convBnRelu(scope, "2", first, atrous);
    Value third = layers.convBn(scope, "conv3", "bn3", second, new Filter(1, outputs, 1, 1));
    return join(scope, third, shortcut(scope, x, outputs, atrous.stride()));
  }

  /** 3x3, and 3x3 with the stride; both with the rate; added to the shortcut. */
  private Value basic(Scope scope, Value x, Filter atrous) {
    Filter dense = new Filter(3, atrous.channels(), 1, atrous.rate());
    Value first = layers.convBnRelu(scope, "1", x, dense);
    Value second = layers.convBn(scope, "conv2", "bn2", first, atrous);
    return join(scope, second, shortcut(scope, x, atrous.channels(), atrous.stride()));
  }

  /**
   * The input itself, subsampled as the unit is; projected with a 1x1 convolution where the
   * channels change.
   */
  private Value shortcut(Scope scope, Value x, int outputs, int stride) {
    return x.size(3) == outputs
        ? graph.add(scope, "shortcut", new ForwardOp.Subsample(stride), x).output()
        : layers.convBn(scope, "shortcutConv", "shortcutBn", x, new Filter(1, outputs, stride, 1));
  }

  private Value join(Scope scope, Value residual, Value shortcut) {
    Value sum = graph.add(scope, "sum", new ForwardOp.Add(), residual, shortcut).output();
    return layers.relu(scope, "output", sum);
  }

  /**
   * 64 for block1, twice as many for each block up to block4, times the width, as a multiple of 8.
   */
  private int channels(int block) {
    double wanted = (BASE_CHANNELS << (Math.min(block, 4) - 1)) * spec.backbone().width();
    return Math.max(8, (int) Math.round(wanted / 8) * 8);
  }
}
