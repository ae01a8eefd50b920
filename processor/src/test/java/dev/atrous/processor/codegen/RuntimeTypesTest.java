package dev.atrous.processor.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import com.palantir.javapoet.WildcardTypeName;
import dev.atrous.processor.ir.EveryOperation;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.UpdateOps;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names in generated code exist: the processor itself does not know the runtime. */
final class RuntimeTypesTest {
  private static final Map<String, Class<?>> RECEIVERS =
      Map.of("nn", NetworkOps.class, "grad", GradientOps.class, "update", UpdateOps.class);
  private static final Pattern CALL = Pattern.compile("(nn|grad|update)\\.(\\w+)\\((.*)\\)");

  static Stream<ClassName> names() throws IllegalAccessException {
    Stream.Builder<ClassName> names = Stream.builder();
    for (Field field : RuntimeTypes.class.getDeclaredFields()) {
      if (TypeName.class.isAssignableFrom(field.getType())) {
        add(names, (TypeName) Objects.requireNonNull(field.get(null)));
      }
    }
    return names.build();
  }

  private static void add(Stream.Builder<ClassName> names, TypeName type) {
    if (type instanceof ParameterizedTypeName parameterized) {
      names.add(parameterized.rawType());
      parameterized.typeArguments().forEach(argument -> add(names, argument));
    } else if (type instanceof WildcardTypeName wildcard) {
      wildcard.upperBounds().forEach(bound -> add(names, bound));
    } else if (type instanceof TypeVariableName variable) {
      variable.bounds().forEach(bound -> add(names, bound));
    } else {
      names.add((ClassName) type);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyClassExists(ClassName name) throws ClassNotFoundException {
    Class<?> type = Class.forName(name.reflectionName(), false, getClass().getClassLoader());
    assertThat(type.getCanonicalName()).isEqualTo(name.canonicalName());
  }

  @Test
  void thereAreClassesToCheck() throws IllegalAccessException {
    assertThat(names()).hasSizeGreaterThan(15);
  }

  static Stream<Node> operationsWithOutputs() {
    return operations().filter(node -> !node.types().isEmpty());
  }

  static Stream<Node> operations() {
    return EveryOperation.nodes().filter(node -> !(node.op() instanceof SourceOp.Input));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyCallHasAMethod(Node node) {
    String code = OpWriter.write(node, value -> "x", OpWriter.Attributes.LITERAL);
    // The end of the line makes JavaPoet print what it holds back for wrapping.
    CodeBlock line = CodeBlock.builder().addNamed(code + "\n", OpWriter.TYPES).build();
    String text = line.toString().strip().replaceAll("\\s+", " ");
    Matcher call = CALL.matcher(text);
    assertThat(call.matches()).as("%s is one call", code).isTrue();
    Class<?> receiver = Objects.requireNonNull(RECEIVERS.get(call.group(1)));
    Method method =
        Arrays.stream(receiver.getMethods())
            .filter(m -> m.getName().equals(call.group(2)))
            .filter(m -> takes(m, arguments(call.group(3))))
            .findFirst()
            .orElseThrow(() -> new AssertionError(receiver + " has no method for " + code));
    if (!node.types().isEmpty()) {
      TypeName held = OutputVariable.type(node);
      assertThat(returned(method, held)).isEqualTo(held);
    }
  }

  private static boolean takes(Method method, int arguments) {
    int parameters = method.getParameterCount();
    return method.isVarArgs() ? arguments >= parameters - 1 : arguments == parameters;
  }

  /** What a method returns; of maps of any numbers, for those that are held. */
  private static TypeName returned(Method method, TypeName held) {
    TypeName type = TypeName.get(method.getGenericReturnType());
    return type instanceof ParameterizedTypeName parameterized
            && parameterized.typeArguments().get(0) instanceof TypeVariableName
            && held instanceof ParameterizedTypeName maps
        ? ParameterizedTypeName.get(parameterized.rawType(), maps.typeArguments().get(0))
        : type;
  }

  /** Arguments of a call: commas outside of brackets, and one. */
  private static int arguments(String text) {
    int depth = 0;
    int commas = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '{') {
        depth++;
      } else if (c == ')' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        commas++;
      }
    }
    return text.isBlank() ? 0 : commas + 1;
  }

  @ParameterizedTest
  @MethodSource("operationsWithOutputs")
  void everyOutputHasAnAccessor(Node node) throws NoSuchMethodException, ClassNotFoundException {
    ClassName held =
        OutputVariable.type(node) instanceof ParameterizedTypeName map
            ? map.rawType()
            : (ClassName) OutputVariable.type(node);
    Class<?> type = Class.forName(held.reflectionName(), false, getClass().getClassLoader());
    for (int i = 0; i < node.types().size(); i++) {
      String accessor = OutputVariable.output(node.output(i), "v");
      if (!accessor.equals("v")) {
        assertThat(accessor).startsWith("v.").endsWith("()");
        String name = accessor.substring(2, accessor.length() - 2);
        assertThat(type.getMethod(name).getParameterCount()).isZero();
      }
    }
  }
}
