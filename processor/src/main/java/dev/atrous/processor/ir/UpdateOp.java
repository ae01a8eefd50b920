package dev.atrous.processor.ir;

/** What a step does to the parameters. Updates have no output. */
public sealed interface UpdateOp extends Op {

  /**
   * {@code (parameter, gradient)}: gradient descent with momentum and L2 regularisation.
   *
   * @param rate factor of the learning rate
   */
  record Momentum(double momentum, double weightDecay, double rate) implements UpdateOp {
    /** At the learning rate of the step. */
    public Momentum(double momentum, double weightDecay) {
      this(momentum, weightDecay, 1);
    }

    @Override
    public int slots() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.momentum(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (parameter, gradient)}: Adam with decoupled weight decay, as {@code
   * Training.Optimizer.ADAMW} defines it.
   *
   * @param rate factor of the learning rate
   */
  record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double rate)
      implements UpdateOp {
    @Override
    public int slots() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.adamW(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (moving mean, moving variance, mean, variance)}: {@code decay * average + (1 - decay) *
   * value} for both.
   */
  record MovingAverages(double decay) implements UpdateOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.movingAverages(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** How many tensors of the parameter's shape it keeps from step to step. */
  default int slots() {
    return 0;
  }

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** One method for every update. */
  interface Visitor<R> {

    R momentum(Momentum op);

    R adamW(AdamW op);

    R movingAverages(MovingAverages op);
  }
}
