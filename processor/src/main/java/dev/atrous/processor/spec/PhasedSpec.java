package dev.atrous.processor.spec;

import java.util.List;

/**
 * A model spec as each phase of its training has it.
 *
 * @param phases in their order; one for a training without phases
 */
public record PhasedSpec(List<Phase> phases) {

  /**
   * @param spec the spec with the values of the phase
   * @param split of the data set that it trains on
   */
  public record Phase(ModelSpec spec, String split) {}

  public PhasedSpec {
    phases = List.copyOf(phases);
  }

  /** What the model is when its training is over. */
  public ModelSpec last() {
    return phases.get(phases.size() - 1).spec();
  }
}
