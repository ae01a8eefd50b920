package dev.atrous.processor.codegen;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.Padding;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Java expression of each operation: a call on {@code nn}, {@code grad} or {@code update}. It
 * is a format of JavaPoet whose arguments are {@link #TYPES}.
 */
final class OpWriter implements Op.Visitor<String> {
  /** The types in expressions. */
  static final Map<String, Object> TYPES =
      Map.of("list", List.class, "paddingMode", RuntimeTypes.PADDING_MODE);

  /** Arguments, between which a line may break. */
  private static final Collector<CharSequence, ?, String> LIST = Collectors.joining(",$W");

  private final Node node;
  private final Function<Value, String> reference;
  private final Attributes attributes;

  /** How the integers of an operation are written. */
  interface Attributes {
    /** Written as they are. */
    Attributes LITERAL = (name, value) -> String.valueOf(value);

    /**
     * An expression.
     *
     * @param name of the attribute, for example {@code rate}
     */
    String write(String name, int value);
  }

  private OpWriter(Node node, Function<Value, String> reference, Attributes attributes) {
    this.node = node;
    this.reference = reference;
    this.attributes = attributes;
  }

  /**
   * The expression that computes a node.
   *
   * @param reference how its inputs are written
   */
  static String write(Node node, Function<Value, String> reference, Attributes attributes) {
    return node.op().accept(new OpWriter(node, reference, attributes));
  }

  /** The expression that computes the last node of a chain. */
  static String write(
      ConvolutionChain chain, Function<Value, String> reference, Attributes attributes) {
    Node node = chain.convolution();
    ForwardOp.Conv2D conv = (ForwardOp.Conv2D) node.op();
    String[] window =
        padded(
            conv.padding(),
            conv.stride(),
            attributes.write("stride", conv.stride()),
            attributes.write("rate", conv.rate()));
    StringBuilder code = new StringBuilder("nn.convolution(");
    code.append(reference.apply(node.input(0)) + ", " + quotedName(node.input(1)));
    code.append(", " + String.join(", ", window) + ")");
    chain
        .after(ForwardOp.BatchNorm.class)
        .ifPresent(
            norm -> {
              String epsilon = number(((ForwardOp.BatchNorm) norm.op()).epsilon());
              code.append("$Z.batchNorm(" + quotedNorm(norm.input(1)) + ", " + epsilon + ")");
            });
    chain
        .after(ForwardOp.AddBias.class)
        .ifPresent(bias -> code.append("$Z.bias(" + quotedName(bias.input(1)) + ")"));
    chain.addend().ifPresent(addend -> code.append("$Z.add(" + reference.apply(addend) + ")"));
    chain.after(ForwardOp.Relu.class).ifPresent(relu -> code.append("$Z.relu()"));
    return code.append("$Z.build()").toString();
  }

  private String in(int i) {
    return reference.apply(node.input(i));
  }

  /** A call with all inputs of the node, in order, and then more arguments. */
  private String call(String method, String... more) {
    Stream<String> inputs = node.inputs().stream().map(reference);
    String arguments = Stream.concat(inputs, Arrays.stream(more)).collect(LIST);
    return method + "(" + arguments + ")";
  }

  private static String number(double value) {
    return (float) value + "f";
  }

  private static String[] numbers(List<Double> values) {
    return values.stream().map(OpWriter::number).toArray(String[]::new);
  }

  private static String flag(boolean value) {
    return String.valueOf(value);
  }

  private String attribute(String name, int value) {
    return attributes.write(name, value);
  }

  private static String literal(int value) {
    return String.valueOf(value);
  }

  /** The arguments of a window, with its padding where that makes a difference. */
  private static String[] padded(Padding padding, int stride, String size, String step) {
    return padding == Padding.SAME && stride > 1
        ? new String[] {size, step, "$paddingMode:T.SAME"}
        : new String[] {size, step};
  }

  @Override
  public String input(SourceOp.Input op) {
    return op.name();
  }

  @Override
  public String parameter(SourceOp.Parameter op) {
    return "nn.parameter(" + quoted(name(node)) + ")";
  }

  /** The name of a parameter below its scope: {@code "bn1/gamma"}. */
  private static String quotedName(Value parameter) {
    return quoted(name(parameter.node()));
  }

  private static String name(Node parameter) {
    String name = ((SourceOp.Parameter) parameter.op()).spec().name();
    return name.substring(parameter.scope().path().length() + 1);
  }

  /** As a literal; names have nothing in them to escape. */
  private static String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  public String scalar(SourceOp.Scalar op) {
    return "nn.scalar(" + number(op.value()) + ")";
  }

  @Override
  public String normalize(ForwardOp.Normalize op) {
    return call("nn.normalize", floats(op.mean()), floats(op.deviation()));
  }

  @Override
  public String normalizeBands(ForwardOp.NormalizeBands op) {
    return "nn.normalizeBands(" + in(0) + ", " + quotedNorm(node.input(1)) + ")";
  }

  private static String floats(List<Double> values) {
    return "new float[] {" + values.stream().map(OpWriter::number).collect(LIST) + "}";
  }

  @Override
  public String conv2D(ForwardOp.Conv2D op) {
    return call(
        "nn.conv2d",
        padded(
            op.padding(),
            op.stride(),
            attribute("stride", op.stride()),
            attribute("rate", op.rate())));
  }

  @Override
  public String batchNorm(ForwardOp.BatchNorm op) {
    return norm("nn.batchNorm", op.epsilon());
  }

  @Override
  public String batchNormTraining(ForwardOp.BatchNormTraining op) {
    return norm("nn.batchNormTraining", op.epsilon());
  }

  @Override
  public String synchronizedBatchNorm(ForwardOp.SynchronizedBatchNorm op) {
    return norm("nn.synchronizedBatchNorm", op.epsilon());
  }

  private String norm(String method, double epsilon) {
    return method
        + "("
        + String.join(", ", in(0), quotedNorm(node.input(1)), number(epsilon))
        + ")";
  }

  /**
   * The name below its scope of the normalisation that a parameter belongs to: {@code "bn1"} for
   * {@code bn1/gamma}.
   */
  private static String quotedNorm(Value parameter) {
    String name = name(parameter.node());
    return quoted(name.substring(0, name.lastIndexOf('/')));
  }

  @Override
  public String widen(ForwardOp.Widen op) {
    return call("nn.widen");
  }

  @Override
  public String relu(ForwardOp.Relu op) {
    return call("nn.relu");
  }

  @Override
  public String add(ForwardOp.Add op) {
    return call(node.phase() == Phase.BACKWARD ? "grad.add" : "nn.add");
  }

  @Override
  public String maxPool(ForwardOp.MaxPool op) {
    return call(
        "nn.maxPool",
        padded(op.padding(), op.stride(), literal(op.kernel()), attribute("stride", op.stride())));
  }

  @Override
  public String subsample(ForwardOp.Subsample op) {
    return call("nn.subsample", attribute("stride", op.stride()));
  }

  @Override
  public String globalAveragePool(ForwardOp.GlobalAveragePool op) {
    return call("nn.globalAveragePool");
  }

  @Override
  public String broadcast(ForwardOp.Broadcast op) {
    return call("nn.broadcast");
  }

  @Override
  public String concat(ForwardOp.Concat op) {
    return "nn.concat($list:T.of(" + node.inputs().stream().map(reference).collect(LIST) + "))";
  }

  @Override
  public String addBias(ForwardOp.AddBias op) {
    return call("nn.addBias");
  }

  @Override
  public String addPerImage(ForwardOp.AddPerImage op) {
    return call("nn.addPerImage");
  }

  @Override
  public String slice(ForwardOp.Slice op) {
    return call("nn.slice", literal(op.axis()), literal(op.begin()), literal(op.end()));
  }

  @Override
  public String interpolate(ForwardOp.Interpolate op) {
    return call("nn.interpolate", flag(op.alignCorners()));
  }

  @Override
  public String softmaxCrossEntropy(ForwardOp.SoftmaxCrossEntropy op) {
    return call("nn.softmaxCrossEntropy", numbers(op.classWeights()));
  }

  @Override
  public String focalLoss(ForwardOp.FocalLoss op) {
    Stream<String> gamma = Stream.of(number(op.gamma()));
    return call(
        "nn.focalLoss",
        Stream.concat(gamma, Stream.of(numbers(op.classWeights()))).toArray(String[]::new));
  }

  @Override
  public String diceLoss(ForwardOp.DiceLoss op) {
    return call("nn.diceLoss");
  }

  @Override
  public String dropout(ForwardOp.Dropout op) {
    return "nn.dropout(" + in(0) + ", " + number(op.share()) + ", " + quoted(node.name()) + ")";
  }

  @Override
  public String weightedSum(ForwardOp.WeightedSum op) {
    String losses = node.inputs().stream().map(reference).collect(LIST);
    String weights = Stream.of(numbers(op.weights())).collect(LIST);
    return "nn.weightedSum($list:T.of(" + losses + "),$W" + weights + ")";
  }

  @Override
  public String conv2DInputGradient(GradientOp.Conv2DInputGradient op) {
    return call(
        "grad.conv2dInput",
        padded(op.padding(), op.stride(), literal(op.stride()), literal(op.rate())));
  }

  @Override
  public String conv2DFilterGradient(GradientOp.Conv2DFilterGradient op) {
    return call(
        "grad.conv2dFilter",
        padded(op.padding(), op.stride(), literal(op.stride()), literal(op.rate())));
  }

  @Override
  public String conv2DFilterGradientByTaps(GradientOp.Conv2DFilterGradientByTaps op) {
    return call("grad.conv2dFilterByTaps", literal(op.rate()));
  }

  @Override
  public String batchNormGradient(GradientOp.BatchNormGradient op) {
    return trainedNormGradient();
  }

  @Override
  public String synchronizedBatchNormGradient(GradientOp.SynchronizedBatchNormGradient op) {
    return trainedNormGradient();
  }

  private String trainedNormGradient() {
    return "grad.batchNorm(" + in(0) + ", " + in(3) + ")";
  }

  @Override
  public String frozenBatchNormGradient(GradientOp.FrozenBatchNormGradient op) {
    return call("grad.frozenBatchNorm", number(op.epsilon()));
  }

  @Override
  public String narrow(GradientOp.Narrow op) {
    return call("grad.narrow");
  }

  @Override
  public String reluGradient(GradientOp.ReluGradient op) {
    return call("grad.relu");
  }

  @Override
  public String maxPoolGradient(GradientOp.MaxPoolGradient op) {
    return call(
        "grad.maxPool",
        padded(op.padding(), op.stride(), literal(op.kernel()), literal(op.stride())));
  }

  @Override
  public String subsampleGradient(GradientOp.SubsampleGradient op) {
    return call("grad.subsample", literal(op.stride()));
  }

  @Override
  public String globalAveragePoolGradient(GradientOp.GlobalAveragePoolGradient op) {
    return call("grad.globalAveragePool");
  }

  @Override
  public String sumPerImage(GradientOp.SumPerImage op) {
    return call("grad.sumPerImage");
  }

  @Override
  public String biasGradient(GradientOp.BiasGradient op) {
    return call("grad.bias");
  }

  @Override
  public String sliceGradient(GradientOp.SliceGradient op) {
    return call("grad.slice", literal(op.axis()), literal(op.begin()), literal(op.end()));
  }

  @Override
  public String interpolateGradient(GradientOp.InterpolateGradient op) {
    return call("grad.interpolate", flag(op.alignCorners()));
  }

  @Override
  public String multiply(GradientOp.Multiply op) {
    boolean limits = node.input(1).node().op() instanceof GradientOp.ClipFactor;
    return call(limits ? "update.clip" : "grad.multiply");
  }

  @Override
  public String clipFactor(GradientOp.ClipFactor op) {
    String gradients = node.inputs().stream().map(reference).collect(LIST);
    return "update.clipFactor($list:T.of(" + gradients + "), " + number(op.norm()) + ")";
  }

  @Override
  public String momentum(UpdateOp.Momentum op) {
    return updateAt(op.rate())
        + ".momentum("
        + String.join(
            ", ", quotedName(node.input(0)), in(1), number(op.momentum()), number(op.weightDecay()))
        + ")";
  }

  @Override
  public String adamW(UpdateOp.AdamW op) {
    return updateAt(op.rate())
        + ".adamW("
        + String.join(
            ",$W",
            quotedName(node.input(0)),
            in(1),
            number(op.beta1()),
            number(op.beta2()),
            number(op.epsilon()),
            number(op.weightDecay()))
        + ")";
  }

  /** The updates at a learning rate of their own. */
  private static String updateAt(double rate) {
    return rate == 1 ? "update" : "update.atRate(" + number(rate) + ")";
  }

  @Override
  public String movingAverages(UpdateOp.MovingAverages op) {
    Value batchNorm = node.input(2).node().output(3);
    return "update.movingAverages("
        + String.join(
            ", ", quotedNorm(node.input(0)), reference.apply(batchNorm), number(op.decay()))
        + ")";
  }
}
