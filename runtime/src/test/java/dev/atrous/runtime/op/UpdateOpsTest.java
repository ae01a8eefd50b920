package dev.atrous.runtime.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** What an update makes of a parameter and its momentum. */
class UpdateOpsTest {
  private static final Parameter W =
      new Parameter("layer/weights", Shape.of(2), Parameter.Initializer.ZEROS, true);

  static {
    NativeLibrary.load();
  }

  @ParameterizedTest
  @CsvSource({"0.9,0", "0.9,0.1", "0,0.1", "0,0", "0.5,2"})
  void isGradientDescentWithMomentumAndWeightDecay(float momentum, float weightDecay) {
    float rate = 0.25f;
    float[] w = {3, -2};
    float[] m = {0.5f, 1};
    float[] gradient = {-1, 4};
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, List.of(W));
      UpdateOps update =
          new UpdateOps(new Scopes(tf), variables, tf.constant(rate), tf.constant(0L));
      update.in("layer").momentum("weights", tf.constant(gradient), momentum, weightDecay);
      VarHandleOp weights = variables.handle(W.name());
      VarHandleOp slot = update.slots().get(W.name() + "/Momentum");
      Op setWeights = tf.assignVariableOp(weights, tf.constant(w));
      Op setSlot = tf.assignVariableOp(slot, tf.constant(m));
      Operand<TFloat32> newWeights = tf.readVariableOp(weights, TFloat32.class);
      Operand<TFloat32> newSlot = tf.readVariableOp(slot, TFloat32.class);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(setWeights).addTarget(setSlot).run().close();
        for (int step = 0; step < 3; step++) {
          Session.Runner runner = session.runner();
          update.ofStep().forEach(runner::addTarget);
          runner.run().close();
          for (int i = 0; i < w.length; i++) {
            m[i] = momentum * m[i] + gradient[i] + weightDecay * w[i];
            w[i] -= rate * m[i];
          }
        }
        assertThat(read(session, newSlot)).containsExactly(m, offset(1e-5f));
        assertThat(read(session, newWeights)).containsExactly(w, offset(1e-5f));
      }
    }
  }

  @Test
  void aPartHasALearningRateOfItsOwn() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, List.of(W));
      UpdateOps update =
          new UpdateOps(new Scopes(tf), variables, tf.constant(0.5f), tf.constant(0L));
      Operand<TFloat32> gradient = tf.constant(new float[] {-1, 4});
      update.in("layer").atRate(0.25f).momentum("weights", gradient, 0, 0);
      VarHandleOp weights = variables.handle(W.name());
      Op set = tf.assignVariableOp(weights, tf.constant(new float[] {3, -2}));
      Operand<TFloat32> value = tf.readVariableOp(weights, TFloat32.class);
      try (Session session = new Session(graph)) {
        VarHandleOp slot = update.slots().get(W.name() + "/Momentum");
        Op zero = tf.assignVariableOp(slot, tf.constant(new float[2]));
        session.runner().addTarget(set).addTarget(zero).run().close();
        Session.Runner runner = session.runner();
        update.ofStep().forEach(runner::addTarget);
        runner.run().close();
        assertThat(read(session, value)).containsExactly(3.125f, -2.5f);
      }
    }
  }

  /** By hand, in doubles, as torch.optim.AdamW computes it. */
  @ParameterizedTest
  @CsvSource({"0.9,0.999,0", "0.9,0.999,0.01", "0,0.5,0.1", "0.5,0.25,0"})
  void isAdamWithDecoupledWeightDecay(float beta1, float beta2, float weightDecay) {
    double rate = 0.0625;
    double[] w = {3, -2};
    double[] m = {0, 0};
    double[] v = {0, 0};
    float[][] gradients = {{-1, 4}, {0.5f, 1e-7f}, {2, 0}};
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, List.of(W));
      Placeholder<TInt64> number = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
      Placeholder<TFloat32> gradient =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2)));
      UpdateOps update =
          new UpdateOps(new Scopes(tf), variables, tf.constant((float) rate), number);
      update.in("layer").adamW("weights", gradient, beta1, beta2, 1e-8f, weightDecay);
      VarHandleOp weights = variables.handle(W.name());
      VarHandleOp mean = update.slots().get(W.name() + "/Adam");
      VarHandleOp squares = update.slots().get(W.name() + "/Adam_1");
      assertThat(update.slots()).hasSize(2);
      Op setWeights = tf.assignVariableOp(weights, tf.constant(new float[] {3, -2}));
      Op setMean = tf.assignVariableOp(mean, tf.constant(new float[2]));
      Op setSquares = tf.assignVariableOp(squares, tf.constant(new float[2]));
      Operand<TFloat32> newWeights = tf.readVariableOp(weights, TFloat32.class);
      Operand<TFloat32> newMean = tf.readVariableOp(mean, TFloat32.class);
      Operand<TFloat32> newSquares = tf.readVariableOp(squares, TFloat32.class);
      try (Session session = new Session(graph)) {
        session
            .runner()
            .addTarget(setWeights)
            .addTarget(setMean)
            .addTarget(setSquares)
            .run()
            .close();
        for (int t = 1; t <= gradients.length; t++) {
          try (TInt64 done = TInt64.scalarOf(t - 1);
              TFloat32 g = TFloat32.vectorOf(gradients[t - 1])) {
            Session.Runner runner = session.runner().feed(number, done).feed(gradient, g);
            update.ofStep().forEach(runner::addTarget);
            runner.run().close();
          }
          for (int i = 0; i < w.length; i++) {
            double g = gradients[t - 1][i];
            w[i] *= 1 - rate * weightDecay;
            m[i] = beta1 * m[i] + (1 - beta1) * g;
            v[i] = beta2 * v[i] + (1 - beta2) * g * g;
            double root = Math.sqrt(v[i] / (1 - Math.pow(beta2, t)));
            w[i] -= rate * m[i] / (1 - Math.pow(beta1, t)) / (root + 1e-8);
            assertThat(read(session, newWeights)[i]).isCloseTo((float) w[i], offset(1e-6f));
            assertThat(read(session, newMean)[i]).isCloseTo((float) m[i], offset(1e-6f));
            assertThat(read(session, newSquares)[i]).isCloseTo((float) v[i], offset(1e-6f));
          }
        }
      }
    }
  }

  private static float[] read(Session session, Operand<TFloat32> value) {
    try (Result result = session.runner().fetch(value).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] read = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(read);
      return read;
    }
  }

  /** Otherwise the gradients of all parameters, or of all maps, would be in memory at one time. */
  @Test
  void runsBeforeTheDerivativesThatFollowIt() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Scopes scopes = new Scopes(tf);
      Variables variables = new Variables(tf, List.of(W));
      UpdateOps update = new UpdateOps(scopes, variables, tf.constant(1f), tf.constant(0L));
      Operand<TFloat32> before =
          new GradientOps(scopes, new TensorFlowKernel())
              .add(tf.constant(new float[2]), tf.constant(new float[2]));
      update.momentum(W.name(), before, 0.9f, 0.1f);
      Operand<TFloat32> after =
          new GradientOps(scopes, new TensorFlowKernel())
              .add(tf.constant(new float[2]), tf.constant(new float[2]));

      assertThat(after.op()).isInstanceOf(GraphOperation.class);
      assertThat(((GraphOperation) after.op()).controlInputs())
          .singleElement()
          .satisfies(input -> assertThat(input.type()).isEqualTo("ResourceApplyMomentum"));
    }
  }
}
