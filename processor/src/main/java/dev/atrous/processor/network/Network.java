package dev.atrous.processor.network;

import dev.atrous.processor.ir.DataType;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.ir.Verifier;
import dev.atrous.processor.network.Layers.Filter;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;
import java.util.Optional;

/** One network under construction: preprocessing, backbone, pyramid, heads and loss. */
final class Network {
  private static final Scope INPUT = Scope.of("input");
  private static final Scope HEAD = Scope.of("head");

  private final ModelSpec spec;
  private final int outputStride;
  private final Mode mode;
  private final GraphBuilder graph;
  private final Layers layers;

  Network(ModelSpec spec, int outputStride, Mode mode) {
    this.spec = spec;
    this.outputStride = outputStride;
    this.mode = mode;
    this.graph = new GraphBuilder(spec.name().simpleName() + " " + mode);
    this.layers = new Layers(graph, mode, spec, Layers.Part.HEADS);
  }

  Graph build() {
    int batch = spec.training().batchSize();
    TensorType imageType =
        new TensorType(
            spec.bands().bits() == Byte.SIZE ? DataType.UINT8 : DataType.UINT16,
            List.of(batch, spec.crop(), spec.crop(), spec.bands().count()));
    Value images = input(NetworkStage.IMAGES, imageType);
    ResNet.Features features =
        new ResNet(graph, new Layers(graph, mode, spec, Layers.Part.BACKBONE), spec, outputStride)
            .build(normalized(images));
    Value logits = interpolated(HEAD, scores(features.last()), images);
    if (mode == Mode.INFERENCE) {
      graph.result(NetworkStage.LOGITS, logits);
    } else {
      graph.result(NetworkStage.LOSS, loss(logits, features.block3(), images));
    }
    return Verifier.verify(graph.build(), "the network stage");
  }

  private Value input(String name, TensorType type) {
    return graph.add(INPUT, name, new SourceOp.Input(name, type)).output();
  }

  private Value normalized(Value images) {
    ModelSpec.Bands bands = spec.bands();
    Scope stem = Scope.of("stem");
    if (bands.areMeasured()) {
      return graph
          .add(
              stem,
              "normalized",
              new ForwardOp.NormalizeBands(),
              images,
              statistic(stem, "mean", ParameterSpec.Role.BAND_MEAN),
              statistic(stem, "deviation", ParameterSpec.Role.BAND_DEVIATION))
          .output();
    }
    ForwardOp.Normalize normalize = new ForwardOp.Normalize(bands.mean(), bands.deviation());
    return graph.add(stem, "normalized", normalize, images).output();
  }

  private Value statistic(Scope scope, String name, ParameterSpec.Role role) {
    String path = scope.path("bands") + "/" + name;
    ParameterSpec parameter = new ParameterSpec(path, List.of(spec.bands().count()), role);
    String node = "bands" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    return graph.add(scope, node, new SourceOp.Parameter(parameter)).output();
  }

  /** Class scores at the output stride. */
  private Value scores(Value features) {
    Optional<ModelSpec.Pyramid> pyramid = spec.aspp();
    if (pyramid.isEmpty()) {
      return layers.classifier(HEAD, "scores", head(features), spec.classes());
    }
    Pyramid built =
        new Pyramid(graph, layers, pyramid.get(), spec.scaledRates(outputStride).orElseThrow());
    if (pyramid.get().endsWithScores()) {
      return built.scores(features, spec.classes());
    }
    boolean first = spec.conventions().imageFeatures() == Conventions.ImageFeatures.FIRST;
    Value projected = built.features(features, first);
    return layers.classifier(HEAD, "scores", head(projected), spec.classes());
  }

  /** The 3x3 convolution before the class scores, where the conventions have one. */
  private Value head(Value x) {
    int filters = spec.aspp().map(ModelSpec.Pyramid::filters).orElse(256);
    return spec.conventions().head() == Conventions.Head.SCORES
        ? x
        : layers.convBnRelu(HEAD, "", x, new Filter(3, filters, 1, 1));
  }

  /** Class scores at the size of the images. */
  private Value interpolated(Scope scope, Value scores, Value images) {
    boolean alignCorners =
        spec.conventions().interpolation() == Conventions.Interpolation.ALIGN_CORNERS;
    return graph
        .add(scope, NetworkStage.LOGITS, new ForwardOp.Interpolate(alignCorners), scores, images)
        .output();
  }

  /** The losses of the spec, and those of the auxiliary head with its weight. */
  private Value loss(Value logits, Value block3, Value images) {
    int batch = spec.training().batchSize();
    Value labels = input(NetworkStage.LABELS, TensorType.u8(batch, spec.crop(), spec.crop()));
    Losses losses = new Losses(graph, spec.loss());
    if (spec.auxiliary().isEmpty()) {
      return losses.add("", 1, logits, labels).sum();
    }
    ModelSpec.Auxiliary auxiliary = spec.auxiliary().get();
    Value second = auxiliaryLogits(auxiliary, block3, images); // before the losses, as it runs
    return losses
        .add("", 1, logits, labels)
        .add("auxiliary", auxiliary.lossWeight(), second, labels)
        .sum();
  }

  private Value auxiliaryLogits(ModelSpec.Auxiliary auxiliary, Value block3, Value images) {
    Scope scope = Scope.of("auxiliary");
    Filter filter = new Filter(3, Math.max(1, block3.size(3) / 4), 1, 1);
    Value conv = layers.convBnRelu(scope, "", block3, filter);
    Value kept = layers.dropout(scope, "dropout", conv, auxiliary.dropout());
    return interpolated(scope, layers.classifier(scope, "scores", kept, spec.classes()), images);
  }
}
