package dev.atrous.processor.interpreter;

/**
 * A training step.
 *
 * @param evaluation what it computed from the state before
 * @param after the state that it leads to
 */
public record Step(Evaluation evaluation, State after) {}
