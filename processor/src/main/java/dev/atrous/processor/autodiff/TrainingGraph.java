package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Value;

/**
 * A training step: forward pass, backward pass and updates in one graph.
 *
 * @param loss a scalar
 */
public record TrainingGraph(Graph graph, Value loss) {}
