package dev.atrous.processor.codegen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/**
 * Writes the inference graph up to the class scores of the map: a method for each part of the
 * network, from its input maps to its output map. The graphs of all output strides have the same
 * nodes; a stride or rate that differs between them becomes a switch. The last node, which
 * interpolates the scores to the image, is only named: a predictor interpolates them to what it
 * needs.
 */
final class InferenceWriter {
  private static final String OUTPUT_STRIDE = "outputStride";

  private final SortedMap<Integer, Graph> byStride;
  private final Graph graph;
  private final Node interpolation;
  private final List<Section> sections;

  /** What goes from one section to another, and the result. */
  private final Set<Value> handedOn = new LinkedHashSet<>();

  private final Map<Node, Integer> positions = new HashMap<>();
  private final Map<Node, ConvolutionChain> chains;
  private final Set<Node> inChains = new HashSet<>();

  InferenceWriter(CompiledSpec compiled) {
    this.byStride = compiled.inference();
    this.graph = compiled.trainedInference();
    this.interpolation = graph.results().values().iterator().next().node();
    this.sections =
        Section.of(graph.nodes().stream().filter(node -> node != interpolation).toList());
    sections.forEach(section -> handedOn.addAll(inputs(section)));
    handedOn.add(result());
    this.chains = ConvolutionChain.of(graph);
    graph.nodes().forEach(node -> positions.put(node, positions.size()));
    chains.values().forEach(chain -> inChains.addAll(chain.nodes()));
    byStride.forEach(this::checkAlike);
  }

  private void checkAlike(int stride, Graph variant) {
    for (Node node : graph.nodes()) {
      Node twin = twin(node, variant);
      if (!twin.path().equals(node.path())) {
        throw new IllegalStateException(
            "at output stride " + stride + " there is " + twin + " instead of " + node);
      }
    }
  }

  /** The node at the same place of the graph for another output stride. */
  private Node twin(Node node, Graph variant) {
    return variant.nodes().get(Objects.requireNonNull(positions.get(node)));
  }

  /** Adds {@code scores} and the methods that it calls. */
  void write(TypeSpec.Builder type) {
    type.addMethod(scores());
    sections.forEach(section -> type.addMethod(part(section)));
  }

  /** The value that is interpolated to the images. */
  private Value result() {
    return interpolation.input(0);
  }

  private MethodSpec scores() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("scores")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .addTypeVariable(RuntimeTypes.MAPS)
            .returns(RuntimeTypes.FLOAT32_OPERAND)
            .addParameter(RuntimeTypes.NETWORK_OPS_OF_MAPS, "nn")
            .addParameter(RuntimeTypes.IMAGES, "images")
            .addParameter(int.class, OUTPUT_STRIDE)
            .beginControlFlow("if (!description().outputStrides().contains($L))", OUTPUT_STRIDE)
            .addStatement(
                "throw new $T(\"output stride \" + $L + \" is none of \" +"
                    + " description().outputStrides())",
                IllegalArgumentException.class,
                OUTPUT_STRIDE)
            .endControlFlow();
    for (Section section : sections) {
      CodeBlock arguments =
          arguments(section).stream().map(CodeBlock::of).collect(CodeBlock.joining(", "));
      method.addStatement(
          "$T $L = $L($L)",
          type(result(section)),
          Identifiers.variable(result(section)),
          Identifiers.variable(section.scope()),
          arguments);
    }
    return method.addStatement("return $L", Identifiers.variable(result())).build();
  }

  private MethodSpec part(Section section) {
    List<String> arguments = arguments(section);
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(Identifiers.variable(section.scope()))
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .addTypeVariable(RuntimeTypes.MAPS)
            .returns(type(result(section)))
            .addJavadoc("{@code $L}.\n", section.scope().path());
    method.addParameter(RuntimeTypes.NETWORK_OPS_OF_MAPS, "network");
    for (Value input : inputs(section)) {
      boolean images = input.node().op() instanceof SourceOp.Input;
      method.addParameter(images ? RuntimeTypes.IMAGES : type(input), outside(input));
    }
    if (arguments.contains(OUTPUT_STRIDE)) {
      method.addParameter(int.class, OUTPUT_STRIDE);
    }
    method.addStatement(
        "$T nn = network.in($S)", RuntimeTypes.NETWORK_OPS_OF_MAPS, section.scope().path());
    for (Node node : section.nodes()) {
      if (!inChains.contains(node) || chains.containsKey(node)) {
        method.addCode(OutputVariable.declaration(node, expression(node, section, method)));
      }
    }
    return method.addStatement("return $L", result(section).node().name()).build();
  }

  private String expression(Node node, Section section, MethodSpec.Builder method) {
    ConvolutionChain chain = chains.get(node);
    return chain == null
        ? OpWriter.write(
            node,
            value -> reference(value, section),
            (name, value) -> attribute(method, node, name, value))
        : OpWriter.write(
            chain,
            value -> reference(value, section),
            (name, value) -> attribute(method, chain.convolution(), name, value));
  }

  /**
   * A literal where all output strides agree, otherwise a local variable that is declared first.
   */
  private String attribute(MethodSpec.Builder method, Node node, String name, int value) {
    SortedMap<Integer, Integer> values = values(node, name);
    if (Set.copyOf(values.values()).size() == 1) {
      return String.valueOf(value);
    }
    String variable = node.name() + Identifiers.capitalized(name);
    CodeBlock.Builder cases = CodeBlock.builder();
    int last = values.lastKey();
    values.forEach(
        (stride, v) -> {
          if (stride == last) {
            cases.add("default -> $L;", v);
          } else {
            cases.add("case $L -> $L; ", stride, v);
          }
        });
    method.addStatement("int $L = switch ($L) { $L }", variable, OUTPUT_STRIDE, cases.build());
    return variable;
  }

  private SortedMap<Integer, Integer> values(Node node, String attribute) {
    SortedMap<Integer, Integer> values = new TreeMap<>();
    byStride.forEach(
        (stride, variant) -> values.put(stride, attribute(twin(node, variant).op(), attribute)));
    return values;
  }

  private static int attribute(Op op, String name) {
    if (op instanceof ForwardOp.Conv2D conv) {
      return name.equals("stride") ? conv.stride() : conv.rate();
    } else if (op instanceof ForwardOp.Subsample subsample) {
      return subsample.stride();
    } else if (op instanceof ForwardOp.MaxPool pool) {
      return pool.stride();
    }
    throw new IllegalArgumentException(op + " has no " + name);
  }

  private boolean variesWithStride(Section section) {
    return section.nodes().stream()
        .anyMatch(
            node ->
                byStride.values().stream()
                    .anyMatch(variant -> !twin(node, variant).op().equals(node.op())));
  }

  private List<String> arguments(Section section) {
    List<String> arguments = new ArrayList<>();
    arguments.add("nn");
    inputs(section).forEach(input -> arguments.add(outside(input)));
    if (variesWithStride(section)) {
      arguments.add(OUTPUT_STRIDE);
    }
    return arguments;
  }

  /** The values that a section takes from others, in the order of their use. */
  private static Set<Value> inputs(Section section) {
    Set<Value> inputs = new LinkedHashSet<>();
    for (Node node : section.nodes()) {
      for (Value input : node.inputs()) {
        boolean parameter = input.node().op() instanceof SourceOp.Parameter;
        if (!parameter && !section.contains(input.node())) {
          inputs.add(input);
        }
      }
    }
    return inputs;
  }

  /** The one value that other sections take from this one. */
  private Value result(Section section) {
    List<Value> results =
        handedOn.stream().filter(value -> section.contains(value.node())).toList();
    if (results.size() != 1) {
      throw new IllegalStateException(
          section.scope() + " should hand on one value, not " + results);
    }
    return results.get(0);
  }

  private static TypeName type(Value value) {
    return RuntimeTypes.operand(RuntimeTypes.numbers(value.type().dataType()));
  }

  private static String outside(Value value) {
    return value.node().op() instanceof SourceOp.Input input
        ? input.name()
        : Identifiers.variable(value);
  }

  private static String reference(Value value, Section from) {
    Node node = value.node();
    if (node.op() instanceof SourceOp) {
      return OpWriter.write(node, v -> "", OpWriter.Attributes.LITERAL);
    }
    String name = from.contains(node) ? node.name() : outside(value);
    return OutputVariable.output(value, name);
  }
}
