package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.Layers.Filter;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;

/** The backbone: stem, block1 to block4, and the cascade of copies of block4. */
final class ResNet {
  private static final int BASE_CHANNELS = 64;
  private static final int EXPANSION = 4;

  private final GraphBuilder graph;
  private final Layers layers;
  private final ModelSpec spec;
  private final AtrousSchedule schedule;

  /**
   * What the backbone hands on.
   *
   * @param last the last feature map
   * @param block3 that of block3, for an auxiliary head
   */
  record Features(Value last, Value block3) {}

  /**
   * The stride and rate of a unit.
   *
   * @param channels of the 3x3 convolutions
   */
  private record Unit(int channels, int stride, int rate) {}

  ResNet(GraphBuilder graph, Layers layers, ModelSpec spec, int outputStride) {
    this.graph = graph;
    this.layers = layers;
    this.spec = spec;
    this.schedule = AtrousSchedule.of(spec.cascade().lastBlock(), outputStride, spec.conventions());
  }

  /** From the normalised image to the feature maps. */
  Features build(Value image) {
    Value x = stem(image);
    Value block3 = x;
    for (int block = 1; block <= spec.cascade().lastBlock(); block++) {
      x = block(block, x);
      block3 = block == 3 ? x : block3;
    }
    return new Features(x, block3);
  }

  private Value stem(Value image) {
    Scope scope = Scope.of("stem");
    int channels = channels(1);
    Value conv;
    if (spec.conventions().stem() == Conventions.Stem.ONE_7X7) {
      conv = layers.convBnRelu(scope, "", image, new Filter(7, channels, 2, 1));
    } else {
      Value first = layers.convBnRelu(scope, "1", image, new Filter(3, channels, 2, 1));
      Value second = layers.convBnRelu(scope, "2", first, new Filter(3, channels, 1, 1));
      conv = layers.convBnRelu(scope, "3", second, new Filter(3, 2 * channels, 1, 1));
    }
    return layers.maxPool(scope, "pool", conv, 3, 2);
  }

  private Value block(int number, Value input) {
    int units = spec.backbone().architecture().units(number);
    int stridedUnit = spec.conventions().stride().inFirstUnit() ? 1 : units;
    AtrousSchedule.Block block = schedule.block(number);
    Value x = input;
    for (int i = 1; i <= units; i++) {
      int grid = number < 4 ? 1 : spec.cascade().multiGrid().get(i - 1);
      int rate = i == 1 ? block.firstRate() : block.rate();
      Unit unit = new Unit(channels(number), i == stridedUnit ? block.stride() : 1, rate * grid);
      Scope scope = new Scope("block" + number, "unit" + i);
      x =
          spec.backbone().architecture().bottleneck()
              ? bottleneck(scope, x, unit)
              : basic(scope, x, unit);
    }
    return x;
  }

  /** 1x1, 3x3 with the rate, 1x1 to four times the channels; added to the shortcut. */
  private Value bottleneck(Scope scope, Value x, Unit unit) {
    boolean early = spec.conventions().stride() == Conventions.Stride.FIRST_1X1;
    int outputs = unit.channels() * EXPANSION;
    Filter reduce = new Filter(1, unit.channels(), early ? unit.stride() : 1, 1);
    Filter atrous = new Filter(3, unit.channels(), early ? 1 : unit.stride(), unit.rate());
    Value first = layers.convBnRelu(scope, "1", x, reduce);
    Value second = layers.convBnRelu(scope, "2", first, atrous);
    Value third = layers.convBn(scope, "conv3", "bn3", second, new Filter(1, outputs, 1, 1));
    return join(scope, third, shortcut(scope, x, outputs, unit.stride()));
  }

  /** Two 3x3 with the rate, one of them with the stride; added to the shortcut. */
  private Value basic(Scope scope, Value x, Unit unit) {
    boolean early = spec.conventions().stride().inFirstUnit();
    int channels = unit.channels();
    Filter former = new Filter(3, channels, early ? unit.stride() : 1, unit.rate());
    Filter latter = new Filter(3, channels, early ? 1 : unit.stride(), unit.rate());
    Value first = layers.convBnRelu(scope, "1", x, former);
    Value second = layers.convBn(scope, "conv2", "bn2", first, latter);
    return join(scope, second, shortcut(scope, x, channels, unit.stride()));
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
