package dev.atrous.processor.interpreter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a training step reads and changes.
 *
 * @param parameters values by the parameter's name
 * @param momenta by the parameter's name; one that is missing is zero
 */
public record State(Map<String, Tensor> parameters, Map<String, Tensor> momenta) {
  public State {
    parameters = Map.copyOf(parameters);
    momenta = Map.copyOf(momenta);
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
    Tensor momentum = momenta.get(name);
    return momentum == null ? Tensor.zeros(parameter(name).shape()) : momentum;
  }

  /** This state with some values replaced. */
  State with(Map<String, Tensor> newParameters, Map<String, Tensor> newMomenta) {
    Map<String, Tensor> allParameters = new LinkedHashMap<>(parameters);
    allParameters.putAll(newParameters);
    Map<String, Tensor> allMomenta = new LinkedHashMap<>(momenta);
    allMomenta.putAll(newMomenta);
    return new State(allParameters, allMomenta);
  }
}
