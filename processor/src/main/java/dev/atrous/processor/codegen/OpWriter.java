package dev.atrous.processor.codegen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.Padding;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The Java expression of each operation: a call on {@code nn}, {@code grad} or {@code update}. */
final class OpWriter implements Op.Visitor<CodeBlock> {
  private final Node node;
  private final Function<Value, CodeBlock> reference;
  private final Attributes attributes;

  /** How the integers of an operation are written. */
  interface Attributes {
    /** Written as they are. */
    Attributes LITERAL = (name, value) -> CodeBlock.of("$L", value);

    /**
     * An expression.
     *
     * @param name of the attribute, for example {@code rate}
     */
    CodeBlock write(String name, int value);
  }

  private OpWriter(Node node, Function<Value, CodeBlock> reference, Attributes attributes) {
    this.node = node;
    this.reference = reference;
    this.attributes = attributes;
  }

  /**
   * The expression that computes a node.
   *
   * @param reference how its inputs are written
   */
  static CodeBlock write(Node node, Function<Value, CodeBlock> reference, Attributes attributes) {
    return node.op().accept(new OpWriter(node, reference, attributes));
  }

  /** The expression that computes the last node of a chain. */
  static CodeBlock write(
      ConvolutionChain chain, Function<Value, CodeBlock> reference, Attributes attributes) {
    Node node = chain.convolution();
    ForwardOp.Conv2D conv = (ForwardOp.Conv2D) node.op();
    CodeBlock[] window =
        padded(
            conv.padding(),
            conv.stride(),
            attributes.write("stride", conv.stride()),
            attributes.write("rate", conv.rate()));
    CodeBlock.Builder code =
        CodeBlock.builder()
            .add(
                "nn.convolution($S, $L)",
                parameterName(node.input(1).node()),
                Arrays.stream(window).collect(CodeBlock.joining(", ")));
    chain
        .after(ForwardOp.BatchNorm.class)
        .ifPresent(
            norm ->
                code.add(
                    "$Z.batchNorm($S, $L)",
                    normName(norm.input(1)),
                    number(((ForwardOp.BatchNorm) norm.op()).epsilon())));
    chain
        .after(ForwardOp.AddBias.class)
        .ifPresent(bias -> code.add("$Z.bias($S)", parameterName(bias.input(1).node())));
    chain.addend().ifPresent(addend -> code.add("$Z.add($L)", reference.apply(addend)));
    chain.after(ForwardOp.Relu.class).ifPresent(relu -> code.add("$Z.relu()"));
    return code.add("$Z.apply($L)", reference.apply(node.input(0))).build();
  }

  /** The type of the variable that holds a node's outputs. */
  static TypeName type(Node node) {
    Op op = node.op();
    if (op instanceof ForwardOp.BatchNormTraining) {
      return RuntimeTypes.BATCH_NORM;
    } else if (op instanceof ForwardOp.Dropout) {
      return RuntimeTypes.DROPOUT;
    } else if (op instanceof ForwardOp.SoftmaxCrossEntropy) {
      return RuntimeTypes.CROSS_ENTROPY;
    } else if (op instanceof GradientOp.BatchNormGradient
        || op instanceof GradientOp.FrozenBatchNormGradient) {
      return RuntimeTypes.BATCH_NORM_GRADIENT;
    }
    return RuntimeTypes.MAP;
  }

  /** One output of a node whose variable is known. */
  static CodeBlock output(Value value, CodeBlock variable) {
    List<String> accessors = List.of();
    Op op = value.node().op();
    if (op instanceof ForwardOp.BatchNormTraining) {
      accessors = List.of(".y()", ".mean()", ".variance()", "");
    } else if (op instanceof ForwardOp.Dropout) {
      accessors = List.of(".y()", ".factors()");
    } else if (op instanceof ForwardOp.SoftmaxCrossEntropy) {
      accessors = List.of(".loss()", ".logitsGradient()");
    } else if (op instanceof GradientOp.BatchNormGradient
        || op instanceof GradientOp.FrozenBatchNormGradient) {
      accessors = List.of(".x()", ".gamma()", ".beta()");
    }
    return accessors.isEmpty()
        ? variable
        : CodeBlock.of("$L$L", variable, accessors.get(value.index()));
  }

  private CodeBlock in(int i) {
    return reference.apply(node.input(i));
  }

  /** A call with all inputs of the node, in order, and then more arguments. */
  private CodeBlock call(String method, CodeBlock... more) {
    Stream<CodeBlock> inputs = node.inputs().stream().map(reference);
    return CodeBlock.of(
        "$L($L)",
        method,
        Stream.concat(inputs, Arrays.stream(more)).collect(CodeBlock.joining(",$W")));
  }

  private static CodeBlock number(double value) {
    return CodeBlock.of("$Lf", (float) value);
  }

  private static CodeBlock flag(boolean value) {
    return CodeBlock.of("$L", value);
  }

  private CodeBlock attribute(String name, int value) {
    return attributes.write(name, value);
  }

  private static CodeBlock literal(int value) {
    return CodeBlock.of("$L", value);
  }

  /** The arguments of a window, with its padding where that makes a difference. */
  private static CodeBlock[] padded(Padding padding, int stride, CodeBlock... window) {
    List<CodeBlock> arguments = new ArrayList<>(List.of(window));
    if (padding == Padding.SAME && stride > 1) {
      arguments.add(CodeBlock.of("$T.SAME", RuntimeTypes.PADDING_MODE));
    }
    return arguments.toArray(CodeBlock[]::new);
  }

  @Override
  public CodeBlock input(SourceOp.Input op) {
    return CodeBlock.of("$L", op.name());
  }

  @Override
  public CodeBlock parameter(SourceOp.Parameter op) {
    return CodeBlock.of("nn.parameter($S)", parameterName(node));
  }

  /** The name of a parameter below its scope: {@code bn1/gamma}. */
  private static String parameterName(Node parameter) {
    String name = ((SourceOp.Parameter) parameter.op()).spec().name();
    return name.substring(parameter.scope().path().length() + 1);
  }

  @Override
  public CodeBlock scalar(SourceOp.Scalar op) {
    return CodeBlock.of("nn.scalar($L)", number(op.value()));
  }

  @Override
  public CodeBlock normalize(ForwardOp.Normalize op) {
    return call("nn.normalize", floats(op.mean()), floats(op.deviation()));
  }

  private static CodeBlock floats(List<Double> values) {
    return CodeBlock.of(
        "new float[] {$L}",
        values.stream().map(OpWriter::number).collect(CodeBlock.joining(",$W")));
  }

  @Override
  public CodeBlock conv2D(ForwardOp.Conv2D op) {
    return call(
        "nn.conv2d",
        padded(
            op.padding(),
            op.stride(),
            attribute("stride", op.stride()),
            attribute("rate", op.rate())));
  }

  @Override
  public CodeBlock batchNorm(ForwardOp.BatchNorm op) {
    return CodeBlock.of(
        "nn.batchNorm($L, $S, $L)", in(0), normName(node.input(1)), number(op.epsilon()));
  }

  @Override
  public CodeBlock batchNormTraining(ForwardOp.BatchNormTraining op) {
    return CodeBlock.of(
        "nn.batchNormTraining($L, $S, $L)", in(0), normName(node.input(1)), number(op.epsilon()));
  }

  /**
   * The name below its scope of the normalisation that a parameter belongs to: {@code bn1} for
   * {@code bn1/gamma}.
   */
  private static String normName(Value parameter) {
    String name = parameterName(parameter.node());
    return name.substring(0, name.lastIndexOf('/'));
  }

  @Override
  public CodeBlock relu(ForwardOp.Relu op) {
    return call("nn.relu");
  }

  @Override
  public CodeBlock add(ForwardOp.Add op) {
    return call(node.phase() == Phase.BACKWARD ? "grad.add" : "nn.add");
  }

  @Override
  public CodeBlock maxPool(ForwardOp.MaxPool op) {
    return call(
        "nn.maxPool",
        padded(op.padding(), op.stride(), literal(op.kernel()), attribute("stride", op.stride())));
  }

  @Override
  public CodeBlock subsample(ForwardOp.Subsample op) {
    return call("nn.subsample", attribute("stride", op.stride()));
  }

  @Override
  public CodeBlock globalAveragePool(ForwardOp.GlobalAveragePool op) {
    return call("nn.globalAveragePool");
  }

  @Override
  public CodeBlock broadcast(ForwardOp.Broadcast op) {
    return call("nn.broadcast");
  }

  @Override
  public CodeBlock concat(ForwardOp.Concat op) {
    CodeBlock maps = node.inputs().stream().map(reference).collect(CodeBlock.joining(",$W"));
    return CodeBlock.of("nn.concat($T.of($L))", List.class, maps);
  }

  @Override
  public CodeBlock addBias(ForwardOp.AddBias op) {
    return call("nn.addBias");
  }

  @Override
  public CodeBlock addPerImage(ForwardOp.AddPerImage op) {
    return call("nn.addPerImage");
  }

  @Override
  public CodeBlock slice(ForwardOp.Slice op) {
    return call("nn.slice", literal(op.axis()), literal(op.begin()), literal(op.end()));
  }

  @Override
  public CodeBlock interpolate(ForwardOp.Interpolate op) {
    return call("nn.interpolate", flag(op.alignCorners()));
  }

  @Override
  public CodeBlock softmaxCrossEntropy(ForwardOp.SoftmaxCrossEntropy op) {
    return call("nn.softmaxCrossEntropy");
  }

  @Override
  public CodeBlock dropout(ForwardOp.Dropout op) {
    return CodeBlock.of("nn.dropout($L, $L, $S)", in(0), number(op.share()), node.name());
  }

  @Override
  public CodeBlock weightedSum(ForwardOp.WeightedSum op) {
    return call("nn.weightedSum", number(op.weight()));
  }

  @Override
  public CodeBlock conv2DInputGradient(GradientOp.Conv2DInputGradient op) {
    return call(
        "grad.conv2dInput",
        padded(op.padding(), op.stride(), literal(op.stride()), literal(op.rate())));
  }

  @Override
  public CodeBlock conv2DFilterGradient(GradientOp.Conv2DFilterGradient op) {
    return call(
        "grad.conv2dFilter",
        padded(op.padding(), op.stride(), literal(op.stride()), literal(op.rate())));
  }

  @Override
  public CodeBlock conv2DFilterGradientByTaps(GradientOp.Conv2DFilterGradientByTaps op) {
    return call("grad.conv2dFilterByTaps", literal(op.rate()));
  }

  @Override
  public CodeBlock batchNormGradient(GradientOp.BatchNormGradient op) {
    return CodeBlock.of("grad.batchNorm($L, $L)", in(0), in(3));
  }

  @Override
  public CodeBlock frozenBatchNormGradient(GradientOp.FrozenBatchNormGradient op) {
    return call("grad.frozenBatchNorm", number(op.epsilon()));
  }

  @Override
  public CodeBlock reluGradient(GradientOp.ReluGradient op) {
    return call("grad.relu");
  }

  @Override
  public CodeBlock maxPoolGradient(GradientOp.MaxPoolGradient op) {
    return call(
        "grad.maxPool",
        padded(op.padding(), op.stride(), literal(op.kernel()), literal(op.stride())));
  }

  @Override
  public CodeBlock subsampleGradient(GradientOp.SubsampleGradient op) {
    return call("grad.subsample", literal(op.stride()));
  }

  @Override
  public CodeBlock globalAveragePoolGradient(GradientOp.GlobalAveragePoolGradient op) {
    return call("grad.globalAveragePool");
  }

  @Override
  public CodeBlock sumPerImage(GradientOp.SumPerImage op) {
    return call("grad.sumPerImage");
  }

  @Override
  public CodeBlock biasGradient(GradientOp.BiasGradient op) {
    return call("grad.bias");
  }

  @Override
  public CodeBlock sliceGradient(GradientOp.SliceGradient op) {
    return call("grad.slice", literal(op.axis()), literal(op.begin()), literal(op.end()));
  }

  @Override
  public CodeBlock interpolateGradient(GradientOp.InterpolateGradient op) {
    return call("grad.interpolate", flag(op.alignCorners()));
  }

  @Override
  public CodeBlock multiply(GradientOp.Multiply op) {
    return call("grad.multiply");
  }

  @Override
  public CodeBlock momentum(UpdateOp.Momentum op) {
    return CodeBlock.of(
        "update.momentum($S, $L, $L, $L)",
        parameterName(node.input(0).node()),
        in(1),
        number(op.momentum()),
        number(op.weightDecay()));
  }

  @Override
  public CodeBlock movingAverages(UpdateOp.MovingAverages op) {
    Value batchNorm = node.input(2).node().output(3);
    return CodeBlock.of(
        "update.movingAverages($S, $L, $L)",
        normName(node.input(0)),
        reference.apply(batchNorm),
        number(op.decay()));
  }
}
