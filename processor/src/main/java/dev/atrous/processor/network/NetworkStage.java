package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.ir.Verifier;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;

/** The second stage: the graph of a spec's network, with the shapes of its training crop. */
public final class NetworkStage {
  /** Name of the fed images, {@code [N, H, W, 3]} bytes. */
  public static final String IMAGES = "images";

  /** Name of the fed labels, {@code [N, H, W]} bytes. */
  public static final String LABELS = "labels";

  /** The result of an inference graph, {@code [N, H, W, classes]}. */
  public static final String LOGITS = "logits";

  /** The result of a training graph, a scalar. */
  public static final String LOSS = "loss";

  // Statistics of ImageNet in bytes, RGB: torchvision's (0.485, 0.456, 0.406) and (0.229, 0.224,
  // 0.225) times 255.
  private static final List<Double> MEAN = List.of(123.675, 116.28, 103.53);
  private static final List<Double> DEVIATION = List.of(58.395, 57.12, 57.375);

  private NetworkStage() {}

  /**
   * Builds the network.
   *
   * @param outputStride one of the spec's
   */
  public static Graph build(ModelSpec spec, int outputStride, Mode mode) {
    GraphBuilder graph = new GraphBuilder(spec.name().simpleName() + " " + mode);
    Layers layers = new Layers(graph, mode, spec.training().batchNormDecay());
    int batch = spec.training().batchSize();
    Scope input = Scope.of("input");
    TensorType imageType = TensorType.u8(batch, spec.crop(), spec.crop(), 3);
    Value images = graph.add(input, IMAGES, new SourceOp.Input(IMAGES, imageType)).output();
    Value normalized =
        graph
            .add(Scope.of("stem"), "normalized", new ForwardOp.Normalize(MEAN, DEVIATION), images)
            .output();

    Value features = new ResNet(graph, layers, spec, outputStride).build(normalized);
    List<Integer> rates = spec.scaledRates(outputStride).orElseThrow();
    Value pyramid =
        spec.aspp()
            .map(
                aspp ->
                    new Pyramid(graph, layers)
                        .build(features, rates, aspp.imagePooling(), aspp.filters()))
            .orElse(features);
    Scope head = Scope.of("head");
    Value scores = layers.classifier(head, "scores", pyramid, spec.classes());
    Value logits =
        graph.add(head, LOGITS, new ForwardOp.Interpolate(true), scores, images).output();

    if (mode == Mode.INFERENCE) {
      graph.result(LOGITS, logits);
    } else {
      TensorType labelType = TensorType.u8(batch, spec.crop(), spec.crop());
      Value labels = graph.add(input, LABELS, new SourceOp.Input(LABELS, labelType)).output();
      graph.result(
          LOSS,
          graph
              .add(Scope.of("loss"), "entropy", new ForwardOp.SoftmaxCrossEntropy(), logits, labels)
              .output());
    }
    return Verifier.verify(graph.build(), "the network stage");
  }
}
