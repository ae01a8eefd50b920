package dev.atrous.processor.codegen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.Value;
import java.util.List;

/** The variable or field that holds the outputs of a node, of which it has one or more. */
final class OutputVariable {
  private OutputVariable() {}

  /** A statement that declares it as a variable. */
  static CodeBlock declaration(Node node, String expression) {
    return assignment(CodeBlock.builder().add("$[$T ", type(node)), node, expression);
  }

  /** A statement that sets it as a field. */
  static CodeBlock assignment(Node node, String expression) {
    return assignment(CodeBlock.builder().add("$["), node, expression);
  }

  private static CodeBlock assignment(CodeBlock.Builder begin, Node node, String expression) {
    String shape = node.output().type().shape().toString();
    return begin
        .addNamed(node.name() + " = " + expression + ";$] // " + shape + "\n", OpWriter.TYPES)
        .build();
  }

  /** Its type. */
  static TypeName type(Node node) {
    Op op = node.op();
    TypeName numbers = RuntimeTypes.numbers(node.output().type().dataType());
    if (isTrainedNorm(op)) {
      return RuntimeTypes.of(RuntimeTypes.BATCH_NORM, numbers);
    } else if (op instanceof ForwardOp.Dropout) {
      return RuntimeTypes.of(RuntimeTypes.DROPOUT, numbers);
    } else if (isLoss(op)) {
      return RuntimeTypes.LOSS;
    } else if (isNormGradient(op)) {
      return RuntimeTypes.of(RuntimeTypes.BATCH_NORM_GRADIENT, numbers);
    }
    return RuntimeTypes.operand(numbers);
  }

  /** One output of a node whose variable is known. */
  static String output(Value value, String variable) {
    List<String> accessors = List.of();
    Op op = value.node().op();
    if (isTrainedNorm(op)) {
      accessors = List.of(".y()", ".mean()", ".variance()", "");
    } else if (op instanceof ForwardOp.Dropout) {
      accessors = List.of(".y()", ".factors()");
    } else if (isLoss(op)) {
      accessors = List.of(".value()", ".logitsGradient()");
    } else if (isNormGradient(op)) {
      accessors = List.of(".x()", ".gamma()", ".beta()");
    }
    return accessors.isEmpty() ? variable : variable + accessors.get(value.index());
  }

  private static boolean isTrainedNorm(Op op) {
    return op instanceof ForwardOp.BatchNormTraining
        || op instanceof ForwardOp.SynchronizedBatchNorm;
  }

  private static boolean isNormGradient(Op op) {
    return op instanceof GradientOp.BatchNormGradient
        || op instanceof GradientOp.SynchronizedBatchNormGradient
        || op instanceof GradientOp.FrozenBatchNormGradient;
  }

  private static boolean isLoss(Op op) {
    return op instanceof ForwardOp.SoftmaxCrossEntropy
        || op instanceof ForwardOp.FocalLoss
        || op instanceof ForwardOp.DiceLoss;
  }
}
