package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.FirstConvolution;
import dev.atrous.runtime.op.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * Which tensor of a file is which parameter of a model, with every tensor and every parameter
 * accounted for.
 *
 * @param prefix of the names in the file that belong to the network
 * @param tensors the tensor's name by the parameter's, in the order of the network
 * @param initial parameters that keep their initial values
 * @param unused tensors that no parameter needs
 */
record Matching(
    String prefix, Map<String, String> tensors, List<String> initial, List<String> unused) {
  private static final int MOST_LISTED = 10;
  private static final String NOT_FLOATING = ": model FLOAT32, file ";

  /** What does not fit, each with its message. */
  private record Problems(List<String> missing, List<String> leftOver, List<String> different) {
    Problems() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    boolean isEmpty() {
      return missing.isEmpty() && leftOver.isEmpty() && different.isEmpty();
    }
  }

  /**
   * Matches by name and shape.
   *
   * @throws AtrousException if a tensor is missing, left over, or has another shape or type
   */
  static Matching of(
      Layout layout, TensorFile file, List<Parameter> parameters, boolean skipClassifier) {
    Map<String, StoredTensor> stored = file.tensors();
    String prefix = prefix(layout, file, parameters);
    Map<String, String> tensors = new LinkedHashMap<>();
    List<String> initial = new ArrayList<>();
    Set<String> skipped = new HashSet<>();
    Problems problems = new Problems();
    for (Parameter parameter : parameters) {
      Optional<NameTable.Source> source = layout.table().source(parameter.name());
      if (Parameter.isOfBands(parameter.name()) || (source.isEmpty() && layout.isPartial())) {
        initial.add(parameter.name());
      } else if (source.isEmpty()) {
        problems.missing().add(parameter.name() + " (such a file has no layer of this name)");
      } else if (skipClassifier && source.get().isClassifier()) {
        initial.add(parameter.name());
        skipped.add(prefix + source.get().name());
      } else {
        String name = prefix + source.get().name();
        tensors.put(parameter.name(), name);
        compare(layout, parameter, name, stored.get(name), problems);
      }
    }
    Set<String> used = new HashSet<>(tensors.values());
    List<String> unused = new ArrayList<>();
    for (String name : stored.keySet()) {
      boolean isInside = name.startsWith(prefix);
      String inside = isInside ? name.substring(prefix.length()) : name;
      if (used.contains(name) || layout.counters().test(inside)) {
        continue;
      }
      if (!isInside || skipped.contains(name) || layout.extras().test(inside)) {
        unused.add(name);
      } else {
        problems.leftOver().add(FormatException.quoted(name) + " " + stored.get(name).shape());
      }
    }
    if (!problems.isEmpty()) {
      throw misfit(file, problems, remedy(layout, file, parameters, problems, skipClassifier));
    }
    return new Matching(prefix, tensors, List.copyOf(initial), List.copyOf(unused));
  }

  private static String prefix(Layout layout, TensorFile file, List<Parameter> parameters) {
    Set<String> wanted = new HashSet<>();
    for (Parameter parameter : parameters) {
      layout.table().source(parameter.name()).ifPresent(source -> wanted.add(source.name()));
    }
    return Prefix.of(wanted, file.tensors().keySet());
  }

  private static void compare(
      Layout layout,
      Parameter parameter,
      String name,
      @Nullable StoredTensor tensor,
      Problems problems) {
    boolean first = FirstConvolution.STEMS.containsKey(parameter.name());
    Shape shape = parameter.shape();
    Shape wanted = stored(layout, first ? FirstConvolution.inColors(shape) : shape);
    String here = " (" + parameter.name() + ")";
    if (tensor == null) {
      problems.missing().add(name + " " + wanted + here);
    } else if (!tensor.shape().equals(wanted)) {
      problems.different().add(name + ": model " + wanted + ", file " + tensor.shape() + here);
    } else if (!tensor.type().isReadable()) {
      problems.different().add(name + NOT_FLOATING + tensor.type() + here);
    }
  }

  /** The shape of a parameter as the file orders it. */
  private static Shape stored(Layout layout, Shape shape) {
    return layout.isOutputsFirst() && shape.numDimensions() == 4
        ? Shape.of(shape.get(3), shape.get(2), shape.get(0), shape.get(1))
        : shape;
  }

  private static AtrousException misfit(TensorFile file, Problems problems, String remedy) {
    StringBuilder message =
        new StringBuilder("The weights file " + file.path() + " does not fit the model.");
    list(message, "missing in the file", problems.missing());
    list(message, "left over in the file", problems.leftOver());
    list(message, "of another shape or type", problems.different());
    return new AtrousException(message.append("\n").append(remedy).toString());
  }

  /** What to do about a file that does not fit. */
  private static String remedy(
      Layout layout,
      TensorFile file,
      List<Parameter> parameters,
      Problems problems,
      boolean skipClassifier) {
    Optional<WeightSource> other =
        WeightSource.of(file)
            .filter(source -> !source.toString().equals(layout.requirements().program()));
    boolean isOther = other.isPresent() && problems.missing().size() > parameters.size() / 2;
    if (isOther) {
      return "Its names are those of " + other.get() + ": import it with --from " + other.get();
    }
    boolean onlyTypes =
        problems.missing().isEmpty()
            && problems.leftOver().isEmpty()
            && problems.different().stream().allMatch(p -> p.contains(NOT_FLOATING));
    if (onlyTypes) {
      return "Weights are floating-point numbers; these are not those of a trained network.";
    }
    boolean onlyScores =
        problems.missing().isEmpty()
            && problems.leftOver().isEmpty()
            && problems.different().stream().allMatch(p -> p.contains("/scores/"));
    return "Use weights of the same network (backbone, ASPP, head as in the model's spec)"
        + (onlyScores && !skipClassifier
            ? ", or leave the class scores at their initial values: --skip-classifier."
            : ".");
  }

  private static void list(StringBuilder message, String title, List<String> problems) {
    if (problems.isEmpty()) {
      return;
    }
    message.append("\n").append(problems.size()).append(" ").append(title).append(":");
    problems.stream().limit(MOST_LISTED).forEach(p -> message.append("\n  ").append(p));
    if (problems.size() > MOST_LISTED) {
      message.append("\n  and ").append(problems.size() - MOST_LISTED).append(" more");
    }
  }
}
