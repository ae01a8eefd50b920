package dev.atrous.processor.codegen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.SpecName;
import dev.atrous.processor.spec.SpecValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/**
 * Writes where the values come from that a spec does not write itself. Conventions that are left to
 * the preset are not among them: it is.
 */
final class InheritedValues {
  private static final String PRESET = "PRESET";

  private final List<SpecValue> values;

  InheritedValues(ModelSpec spec) {
    values =
        spec.origins().values().stream()
            .filter(value -> !value.from().equals(Optional.of(spec.name())))
            .filter(value -> !value.text().equals(PRESET) && hasEffect(value, spec))
            .toList();
  }

  /** DeepLabv2's pyramid has no image-level features, whatever the default. */
  private static boolean hasEffect(SpecValue value, ModelSpec spec) {
    boolean imagePooling = spec.aspp().map(ModelSpec.Pyramid::imagePooling).orElse(false);
    return imagePooling || value.from().isPresent() || !value.name().equals("imagePooling");
  }

  /**
   * For people who read the class: by the type that writes them, those of an annotation in a line.
   */
  CodeBlock javadoc() {
    Map<Optional<SpecName>, Map<String, List<String>>> bySource = new LinkedHashMap<>();
    values.stream()
        .sorted(Comparator.comparing(value -> value.from().isEmpty())) // the defaults are last
        .forEach(
            value ->
                bySource
                    .computeIfAbsent(value.from(), from -> new LinkedHashMap<>())
                    .computeIfAbsent(value.annotation(), annotation -> new ArrayList<>())
                    .add(
                        value.name() + " = " + (fitsJavadoc(value.text()) ? value.text() : "...")));
    CodeBlock.Builder doc = CodeBlock.builder();
    bySource.forEach(
        (from, annotations) -> {
          doc.add("\n<p>$L:\n", from.map(InheritedValues::link).orElse("By default"));
          doc.add("<pre>{@code\n");
          annotations.forEach(
              (annotation, members) ->
                  doc.add("@$L($L)\n", annotation, String.join(", ", members)));
          doc.add("}</pre>\n");
        });
    return doc.build();
  }

  private static String link(SpecName from) {
    return "From {@link " + from.qualified() + "}";
  }

  /** Whether a text neither ends the comment nor the piece of code in it. */
  private static boolean fitsJavadoc(String text) {
    int open = 0;
    for (int i = 0; i < text.length() && open >= 0; i++) {
      open += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
    }
    return open == 0 && !text.contains("*/");
  }

  /** For programs. */
  MethodSpec method() {
    TypeName list =
        ParameterizedTypeName.get(ClassName.get(List.class), RuntimeTypes.INHERITED_VALUE);
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("inherited")
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(list)
            .addStatement("$T inherited = new $T<>()", list, ArrayList.class);
    for (SpecValue value : values) {
      method.addStatement(
          "inherited.add(new $T($S, $S, $S, $L))",
          RuntimeTypes.INHERITED_VALUE,
          value.annotation(),
          value.name(),
          value.text(),
          value
              .from()
              .map(from -> CodeBlock.of("$S", from.simpleNames()))
              .orElse(CodeBlock.of("null")));
    }
    return method.addStatement("return inherited").build();
  }
}
