package dev.atrous.processor.ir;

/** Where values come from. */
public sealed interface SourceOp extends Op {

  /** What is fed: {@code images} or {@code labels}. */
  record Input(String name, TensorType type) implements SourceOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.input(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** The value of a parameter at the start of the step. */
  record Parameter(ParameterSpec spec) implements SourceOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.parameter(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** A constant scalar. */
  record Scalar(double value) implements SourceOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.scalar(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** One method for every source. */
  interface Visitor<R> {

    R input(Input op);

    R parameter(Parameter op);

    R scalar(Scalar op);
  }
}
