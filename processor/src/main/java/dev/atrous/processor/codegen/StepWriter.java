package dev.atrous.processor.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.NetworkStage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * Writes the training step: an inner class for each part of the network, with the values that its
 * backward pass needs as fields, and a method for each phase.
 */
final class StepWriter {
  private final CompiledPhase compiled;
  private final ClassName model;
  private final Graph graph;
  private final List<Section> sections;
  private final Map<Node, String> expressions = new HashMap<>();

  /**
   * The nodes that are written in methods other than the one that computes them: they become
   * fields.
   */
  private final Set<Node> kept = new HashSet<>();

  StepWriter(CompiledPhase compiled, ClassName model) {
    this.compiled = compiled;
    this.model = model;
    this.graph = compiled.training().graph();
    this.sections = Section.of(graph.nodes());
    kept.add(compiled.training().loss().node());
    for (Section section : sections) {
      for (Node node : section.nodes()) {
        expressions.put(node, expression(node, section));
      }
    }
  }

  private String expression(Node node, Section section) {
    return OpWriter.write(
        node,
        value -> {
          if (!section.contains(value.node())) {
            kept.add(value.node());
          }
          return reference(value, section);
        },
        OpWriter.Attributes.LITERAL);
  }

  TypeSpec write(ClassName name) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addTypeVariable(RuntimeTypes.MAPS)
            .addSuperinterface(RuntimeTypes.of(RuntimeTypes.TRAINING_STEP, RuntimeTypes.MAPS))
            .addJavadoc(
                "One training step of {@link $T}: forward pass, backward pass and updates, at crop $L and output"
                    + " stride\n$L. Shapes are those of a batch of $L.\n\n@param <M> the numbers of the feature maps\n",
                model,
                compiled.spec().crop(),
                compiled.spec().backbone().outputStride(),
                compiled.spec().training().batchSize());
    type.addField(RuntimeTypes.NETWORK_OPS_OF_MAPS, "network", Modifier.PRIVATE);
    type.addField(RuntimeTypes.GRADIENT_OPS, "gradients", Modifier.PRIVATE);
    type.addField(RuntimeTypes.UPDATE_OPS, "updates", Modifier.PRIVATE);
    graph
        .nodesOf(SourceOp.Input.class)
        .forEach(input -> type.addField(inputType(input), input.name(), Modifier.PRIVATE));
    Map<Scope, List<Section>> parts =
        sections.stream()
            .collect(
                Collectors.groupingBy(Section::scope, LinkedHashMap::new, Collectors.toList()));
    parts.keySet().forEach(scope -> type.addField(partField(name, scope)));
    type.addMethod(build());
    type.addMethod(maximumCrop());
    blockMethods(type);
    parts.forEach((scope, ofScope) -> type.addType(part(scope, ofScope)));
    return type.build();
  }

  private static TypeName inputType(Node input) {
    return input.name().equals(NetworkStage.IMAGES) ? RuntimeTypes.IMAGES : RuntimeTypes.BYTES;
  }

  private static FieldSpec partField(ClassName step, Scope scope) {
    ClassName type = step.nestedClass(Identifiers.type(scope));
    return FieldSpec.builder(type, Identifiers.variable(scope), Modifier.PRIVATE, Modifier.FINAL)
        .initializer("new $T()", type)
        .build();
  }

  private MethodSpec build() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("build")
            .addAnnotation(Override.class)
            .addModifiers(Modifier.PUBLIC)
            .returns(RuntimeTypes.FLOAT32_OPERAND)
            .addParameter(RuntimeTypes.NETWORK_OPS_OF_MAPS, "nn")
            .addParameter(RuntimeTypes.GRADIENT_OPS, "grad")
            .addParameter(RuntimeTypes.UPDATE_OPS, "update")
            .addParameter(RuntimeTypes.IMAGES, "imageBatch")
            .addParameter(RuntimeTypes.BYTES, "labelBatch")
            .addStatement("network = nn")
            .addStatement("gradients = grad")
            .addStatement("updates = update")
            .addStatement("images = imageBatch")
            .addStatement("labels = labelBatch");
    for (String call : blockCalls().keySet()) {
      method.addStatement("$L()", call);
    }
    Value loss = compiled.training().loss();
    String variable = Identifiers.variable(loss.node().scope()) + "." + loss.node().name();
    return method.addStatement("return $L", OutputVariable.output(loss, variable)).build();
  }

  /** What build() calls, and the calls of single parts that each stands for. */
  private Map<String, List<Section>> blockCalls() {
    Map<String, List<Section>> calls = new LinkedHashMap<>();
    for (Section section : sections) {
      String call = section.scope().block() + Identifiers.capitalized(direction(section.phase()));
      calls.computeIfAbsent(call, c -> new ArrayList<>()).add(section);
    }
    return calls;
  }

  private void blockMethods(TypeSpec.Builder type) {
    blockCalls()
        .forEach(
            (name, ofBlock) -> {
              MethodSpec.Builder method =
                  MethodSpec.methodBuilder(name).addModifiers(Modifier.PRIVATE);
              for (Section section : ofBlock) {
                method.addStatement(
                    "$L.$L()", Identifiers.variable(section.scope()), direction(section.phase()));
              }
              type.addMethod(method.build());
            });
  }

  private MethodSpec maximumCrop() {
    CodeBlock crop =
        compiled.maximumCrop() == Integer.MAX_VALUE
            ? CodeBlock.of("$T.MAX_VALUE", Integer.class)
            : CodeBlock.of("$L", compiled.maximumCrop());
    return MethodSpec.methodBuilder("maximumCrop")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(int.class)
        .addStatement("return $L", crop)
        .build();
  }

  private TypeSpec part(Scope scope, List<Section> ofScope) {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(Identifiers.type(scope))
            .addModifiers(Modifier.PRIVATE, Modifier.FINAL);
    for (Section section : ofScope) {
      for (Node node : section.nodes()) {
        if (kept.contains(node)) {
          type.addField(OutputVariable.type(node), node.name(), Modifier.PRIVATE);
        }
      }
    }
    ofScope.forEach(section -> type.addMethod(method(section)));
    return type.build();
  }

  private MethodSpec method(Section section) {
    MethodSpec.Builder method = MethodSpec.methodBuilder(direction(section.phase()));
    local(method, section, RuntimeTypes.NETWORK_OPS_OF_MAPS, "nn", "network");
    local(method, section, RuntimeTypes.GRADIENT_OPS, "grad", "gradients");
    local(method, section, RuntimeTypes.UPDATE_OPS, "update", "updates");
    for (Node node : section.nodes()) {
      String expression = expression(node);
      if (node.op() instanceof UpdateOp) {
        method.addNamedCode("$[" + expression + ";$]\n", OpWriter.TYPES);
      } else if (kept.contains(node)) {
        method.addCode(OutputVariable.assignment(node, expression));
      } else {
        method.addCode(OutputVariable.declaration(node, expression));
      }
    }
    return method.build();
  }

  /** Declares the operations of the section's scope, if its code uses them. */
  private void local(
      MethodSpec.Builder method, Section section, TypeName type, String name, String root) {
    if (section.nodes().stream().anyMatch(node -> expression(node).contains(name + "."))) {
      method.addStatement("$T $L = $L.in($S)", type, name, root, section.scope().path());
    }
  }

  private String expression(Node node) {
    return Objects.requireNonNull(expressions.get(node));
  }

  private static String reference(Value value, Section from) {
    Node node = value.node();
    if (node.op() instanceof SourceOp) {
      return OpWriter.write(node, v -> "", OpWriter.Attributes.LITERAL);
    }
    boolean here = node.scope().equals(from.scope());
    String variable = here ? node.name() : Identifiers.variable(node.scope()) + "." + node.name();
    return OutputVariable.output(value, variable);
  }

  private static String direction(Phase phase) {
    return switch (phase) {
      case FORWARD -> "forward";
      case BACKWARD -> "backward";
      case UPDATE -> "update";
    };
  }
}
