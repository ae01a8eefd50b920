package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * A loss and its derivative.
 *
 * @param value a scalar
 * @param logitsGradient derivative of the loss by the logits, {@code [N, H, W, classes]}
 */
public record LossWithGradient(Operand<TFloat32> value, Operand<TFloat32> logitsGradient) {}
