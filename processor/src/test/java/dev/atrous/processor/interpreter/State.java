package dev.atrous.processor.interpreter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a training step reads and changes.
 *
 * @param parameters values by the parameter's name
 * @param momenta by the parameter's name, or AdamW's means; one that is missing is zero
 * @param squares AdamW's means of squares; likewise
 * @param steps done before
 */
public record State(
    Map<String, Tensor> parameters,
    Map<String, Tensor> momenta,
    Map<String, Tensor> squares,
    int steps) {
  public State {
    parameters = Map.copyOf(parameters);
    momenta = Map.copyOf(momenta);
    squares = Map.copyOf(squares);
  }

  /** Before the first step of a run that goes on with momenta. */
  public State(Map<String, Tensor> parameters, Map<String, Tensor> momenta) {
    this(parameters, momenta, Map.of(), 0);
  }

  /** The state before the first step. */
  public static State of(Map<String, Tensor> parameters) {
    return new State(parameters, Map.of());
  }

  /** The value of a parameter. */
  public Tensor parameter(String name) {
    Tensor value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value is given for the parameter " + name);
    }
    return value;
  }

  /** The momentum of a parameter; zero before its first update. */
  public Tensor momentum(String name) {
    return orZero(momenta.get(name), name);
  }

  /** AdamW's mean of the squared gradients of a parameter; zero before its first update. */
  public Tensor square(String name) {
    return orZero(squares.get(name), name);
  }

  private Tensor orZero(@Nullable Tensor value, String name) {
    return value == null ? Tensor.zeros(parameter(name).shape()) : value;
  }

  /** The state after a step that replaces some values. */
  State with(
      Map<String, Tensor> newParameters,
      Map<String, Tensor> newMomenta,
      Map<String, Tensor> newSquares) {
    Map<String, Tensor> allParameters = new LinkedHashMap<>(parameters);
    allParameters.putAll(newParameters);
    Map<String, Tensor> allMomenta = new LinkedHashMap<>(momenta);
    allMomenta.putAll(newMomenta);
    Map<String, Tensor> allSquares = new LinkedHashMap<>(squares);
    allSquares.putAll(newSquares);
    return new State(allParameters, allMomenta, allSquares, steps + 1);
  }
}
