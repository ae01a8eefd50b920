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
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

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
      UpdateOps update = new UpdateOps(new Scopes(tf), variables, tf.constant(rate));
      update.in("layer").momentum("weights", tf.constant(gradient), momentum, weightDecay);
      VarHandleOp weights = variables.handle(W.name());
      VarHandleOp slot = update.momentums().get(W.name());
      Op setWeights = tf.assignVariableOp(weights, tf.constant(w));
      Op setSlot = tf.assignVariableOp(slot, tf.constant(m));
      Operand<TFloat32> newWeights = tf.readVariableOp(weights, TFloat32.class);
      Operand<TFloat32> newSlot = tf.readVariableOp(slot, TFloat32.class);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(setWeights).addTarget(setSlot).run().close();
        for (int step = 0; step < 3; step++) {
          Session.Runner runner = session.runner();
          update.operations().forEach(runner::addTarget);
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
      UpdateOps update = new UpdateOps(new Scopes(tf), variables, tf.constant(0.5f));
      Operand<TFloat32> gradient = tf.constant(new float[] {-1, 4});
      update.in("layer").atRate(0.25f).momentum("weights", gradient, 0, 0);
      VarHandleOp weights = variables.handle(W.name());
      Op set = tf.assignVariableOp(weights, tf.constant(new float[] {3, -2}));
      Operand<TFloat32> value = tf.readVariableOp(weights, TFloat32.class);
      try (Session session = new Session(graph)) {
        VarHandleOp slot = update.momentums().get(W.name());
        Op zero = tf.assignVariableOp(slot, tf.constant(new float[2]));
        session.runner().addTarget(set).addTarget(zero).run().close();
        Session.Runner runner = session.runner();
        update.operations().forEach(runner::addTarget);
        runner.run().close();
        assertThat(read(session, value)).containsExactly(3.125f, -2.5f);
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
      UpdateOps update = new UpdateOps(scopes, variables, tf.constant(1f));
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
