package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import java.util.LinkedHashMap;
import java.util.Map;

/** Applies the updates of a step to the state before it. */
final class Updates {
  private final Evaluation evaluation;
  private final State before;
  private final double learningRate;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> momenta = new LinkedHashMap<>();
  private final Map<String, Tensor> squares = new LinkedHashMap<>();

  Updates(Evaluation evaluation, State before, double learningRate) {
    this.evaluation = evaluation;
    this.before = before;
    this.learningRate = learningRate;
  }

  void apply(Node node) {
    ((UpdateOp) node.op()).accept(new Rules(node));
  }

  State after() {
    return before.with(parameters, momenta, squares);
  }

  /** What one node does. */
  private final class Rules implements UpdateOp.Visitor<Void> {
    private final Node node;

    Rules(Node node) {
      this.node = node;
    }

    @Override
    public Void momentum(UpdateOp.Momentum update) {
      String name = parameter(0);
      Tensor weights = in(0);
      Tensor total = in(1).zip(weights, (g, w) -> g + update.weightDecay() * w);
      Tensor old = before.momentum(name);
      Tensor momentum = old.zip(total, (m, g) -> update.momentum() * m + g);
      momenta.put(name, momentum);
      set(name, weights.zip(momentum, (w, m) -> w - update.rate() * learningRate * m));
      return null;
    }

    @Override
    public Void adamW(UpdateOp.AdamW update) {
      String name = parameter(0);
      double rate = update.rate() * learningRate;
      int t = before.steps() + 1;
      double beta1 = update.beta1();
      double beta2 = update.beta2();
      Tensor mean = before.momentum(name).zip(in(1), (m, g) -> beta1 * m + (1 - beta1) * g);
      Tensor square = before.square(name).zip(in(1), (v, g) -> beta2 * v + (1 - beta2) * g * g);
      momenta.put(name, mean);
      squares.put(name, square);
      Tensor step =
          mean.zip(
              square,
              (m, v) ->
                  m
                      / (1 - Math.pow(beta1, t))
                      / (Math.sqrt(v / (1 - Math.pow(beta2, t))) + update.epsilon()));
      set(name, in(0).zip(step, (w, s) -> w * (1 - rate * update.weightDecay()) - rate * s));
      return null;
    }

    @Override
    public Void movingAverages(UpdateOp.MovingAverages update) {
      for (int i = 0; i < 2; i++) {
        double decay = update.decay();
        set(parameter(i), in(i).zip(in(i + 2), (old, now) -> decay * old + (1 - decay) * now));
      }
      return null;
    }

    private Tensor in(int i) {
      return evaluation.value(node.input(i));
    }

    private String parameter(int i) {
      return ((SourceOp.Parameter) node.input(i).node().op()).spec().name();
    }

    private void set(String name, Tensor value) {
      if (parameters.put(name, value) != null) {
        throw new IllegalStateException(node + " is a second update of " + name);
      }
    }
  }
}
