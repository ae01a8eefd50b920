package dev.atrous.runtime;

import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.Training;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.Optimization;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.BatchNorm;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.UpdateOps;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/**
 * A network of three classes and eight channels, written as the compiler would write it: stem with
 * stride and pool, a residual of an atrous convolution, image pooling, interpolated class scores.
 */
public final class TinyModel implements CompiledModel {
  public static final int CROP = 33;
  private static final float EPSILON = 1e-5f;
  private static final float[] MEAN = {124, 116, 104};
  private static final float[] DEVIATION = {58, 57, 57};

  private static final ModelConventions CONVENTIONS =
      new ModelConventions(
          Conventions.Stride.FIRST_3X3,
          Conventions.Stem.ONE_7X7,
          Conventions.Padding.SYMMETRIC,
          Conventions.FirstUnitRate.OF_BLOCK,
          Conventions.ImageFeatures.LAST,
          Conventions.Head.SCORES,
          Conventions.Interpolation.ALIGN_CORNERS,
          Conventions.WeightDecay.CONVOLUTIONS,
          Conventions.Preprocessing.MEAN_AND_DEVIATION,
          Conventions.InitialValues.HE_FAN_IN);

  private final int classes;
  private final Training.BatchNorm batchNorm;
  private final boolean compilable;

  public TinyModel() {
    this(3);
  }

  public TinyModel(int classes) {
    this(classes, Training.BatchNorm.TRAINED, true);
  }

  private TinyModel(int classes, Training.BatchNorm batchNorm, boolean compilable) {
    this.classes = classes;
    this.batchNorm = batchNorm;
    this.compilable = compilable;
  }

  /** One whose recipe freezes batch normalisation, for what is asked of such a run. */
  public static TinyModel frozen() {
    return new TinyModel(3, Training.BatchNorm.FROZEN, true);
  }

  /** One that normalises with the statistics of all workers' batches. */
  public static TinyModel synchronizedNorms() {
    return new TinyModel(3, Training.BatchNorm.SYNCHRONIZED, true);
  }

  /** One whose training step XLA can't compile. */
  public static TinyModel uncompilable() {
    return new TinyModel(3, Training.BatchNorm.TRAINED, false);
  }

  @Override
  public ModelDescription description() {
    return new ModelDescription(
        "Tiny",
        "none",
        classes,
        CROP,
        4,
        List.of(4, 8),
        new TrainingRecipe(
            4,
            20,
            0.05,
            0.9,
            0.9,
            1e-4,
            AugmentationRecipe.scales(0.5, 2),
            batchNorm,
            0.9,
            Optimization.PAPER),
        LossRecipe.CROSS_ENTROPY,
        List.of(),
        0,
        0,
        CONVENTIONS,
        PixelScale.of(CONVENTIONS.preprocessing()),
        List.of(),
        List.of());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(Parameter.weights("stem/weights", 3, 3, 3, 8));
    parameters.addAll(Parameter.batchNorm("stem", 8));
    parameters.add(Parameter.weights("strided/weights", 3, 3, 8, 8));
    parameters.add(Parameter.weights("atrous/weights", 3, 3, 8, 8));
    parameters.addAll(Parameter.batchNorm("atrous", 8));
    parameters.add(Parameter.classifier("scores/weights", 1, 1, 16, classes));
    parameters.add(Parameter.bias("scores/bias", classes));
    return List.copyOf(parameters);
  }

  @Override
  public <M extends TFloating> Operand<TFloat32> scores(
      NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride) {
    int stride = outputStride / 4;
    Operand<M> x = nn.normalize(images, MEAN, DEVIATION);
    Operand<M> stem = nn.conv2d(x, nn.parameter("stem/weights"), 2, 1);
    Operand<M> pooled = nn.maxPool(nn.relu(nn.batchNorm(stem, "stem", EPSILON)), 3, 2);
    Operand<M> strided = nn.relu(nn.conv2d(pooled, nn.parameter("strided/weights"), stride, 1));
    Operand<M> atrous = nn.conv2d(strided, nn.parameter("atrous/weights"), 1, stride == 1 ? 2 : 1);
    Operand<M> sum = nn.relu(nn.add(strided, nn.batchNorm(atrous, "atrous", EPSILON)));
    Operand<M> image = nn.broadcast(nn.globalAveragePool(sum), sum);
    return nn.addBias(
        nn.conv2d(nn.widen(nn.concat(List.of(sum, image))), nn.parameter("scores/weights"), 1, 1),
        nn.parameter("scores/bias"));
  }

  @Override
  public <M extends TFloating> TrainingStep<M> trainingStep() {
    TrainingStep<M> step = new Step<>(batchNorm == Training.BatchNorm.SYNCHRONIZED);
    return compilable ? step : new UncompilableStep<>(step);
  }

  private record Step<M extends TFloating>(boolean synchronizedNorms) implements TrainingStep<M> {
    @Override
    public int maximumCrop() {
      return 65;
    }

    @Override
    public Operand<TFloat32> build(
        NetworkOps<M> nn,
        GradientOps grad,
        UpdateOps update,
        Operand<? extends TNumber> images,
        Operand<TUint8> labels) {
      Operand<M> x = nn.normalize(images, MEAN, DEVIATION);
      Operand<M> stem = nn.conv2d(x, nn.parameter("stem/weights"), 2, 1);
      BatchNorm<M> stemNorm = norm(nn, stem, "stem");
      Operand<M> stemRelu = nn.relu(stemNorm.y());
      Operand<M> pooled = nn.maxPool(stemRelu, 3, 2);
      Operand<M> strided = nn.relu(nn.conv2d(pooled, nn.parameter("strided/weights"), 1, 1));
      Operand<M> atrous = nn.conv2d(strided, nn.parameter("atrous/weights"), 1, 2);
      BatchNorm<M> atrousNorm = norm(nn, atrous, "atrous");
      Operand<M> sum = nn.relu(nn.add(strided, atrousNorm.y()));
      Operand<M> image = nn.broadcast(nn.globalAveragePool(sum), sum);
      Operand<M> joined = nn.concat(List.of(sum, image));
      StepStatements<M> step = new StepStatements<>(nn, grad, update, 1e-4f);
      StepStatements.Loss<M> loss = step.scores("scores", joined, images, labels);

      Operand<M> dFeatures = loss.features();
      Operand<M> dImage =
          grad.globalAveragePool(grad.sumPerImage(nn.slice(dFeatures, 3, 8, 16)), sum);
      Operand<M> dSum = grad.relu(nn.add(nn.slice(dFeatures, 3, 0, 8), dImage), sum);
      Operand<M> dAtrous = step.norm("atrous", atrousNorm, dSum);
      step.filter("atrous/weights", strided, dAtrous, 1, 2);
      Operand<M> dStrided =
          grad.relu(
              nn.add(
                  dSum, grad.conv2dInput(nn.parameter("atrous/weights"), dAtrous, strided, 1, 2)),
              strided);
      step.filter("strided/weights", pooled, dStrided, 1, 1);
      Operand<M> dPooled =
          grad.conv2dInput(nn.parameter("strided/weights"), dStrided, pooled, 1, 1);
      Operand<M> dRelu = grad.relu(grad.maxPool(stemRelu, pooled, dPooled, 3, 2), stemRelu);
      step.filter("stem/weights", x, step.norm("stem", stemNorm, dRelu), 2, 1);
      return loss.value();
    }

    private BatchNorm<M> norm(NetworkOps<M> nn, Operand<M> x, String name) {
      return synchronizedNorms
          ? nn.synchronizedBatchNorm(x, name, EPSILON)
          : nn.batchNormTraining(x, name, EPSILON);
    }
  }
}
