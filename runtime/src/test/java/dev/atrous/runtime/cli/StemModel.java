package dev.atrous.runtime.cli;

import dev.atrous.runtime.StepStatements;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.BatchNorm;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.UpdateOps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** A network that is a stem and class scores: three classes, four channels. */
final class StemModel implements CompiledModel {
  private static final float EPSILON = 1e-5f;
  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
  private static final float[] DEVIATION = {58.395f, 57.12f, 57.375f};

  @Override
  public ModelDescription description() {
    ModelDescription tiny = new TinyModel().description();
    return new ModelDescription(
        "Stem",
        "none",
        3,
        9,
        4,
        List.of(4),
        tiny.training(),
        tiny.loss(),
        List.of(),
        0,
        0,
        ModelConventions.TORCHVISION,
        PixelScale.TORCHVISION,
        List.of(),
        List.of());
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.weights("stem/conv/weights", 1, 3, 3, 4));
    all.addAll(Parameter.batchNorm("stem/bn", 4));
    all.add(Parameter.classifier("head/scores/weights", 1, 1, 4, 3));
    all.add(Parameter.bias("head/scores/bias", 3));
    return all;
  }

  @Override
  public <M extends TFloating> Operand<TFloat32> scores(
      NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride) {
    Operand<M> x = nn.normalize(images, MEAN, DEVIATION);
    Operand<M> conv = nn.conv2d(x, nn.parameter("stem/conv/weights"), 1, 1);
    Operand<M> stem = nn.relu(nn.batchNorm(conv, "stem/bn", EPSILON));
    Operand<TFloat32> scores = nn.conv2d(nn.widen(stem), nn.parameter("head/scores/weights"), 1, 1);
    return nn.addBias(scores, nn.parameter("head/scores/bias"));
  }

  @Override
  public <M extends TFloating> TrainingStep<M> trainingStep() {
    return new Step<>();
  }

  private static final class Step<M extends TFloating> implements TrainingStep<M> {
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
      Operand<M> conv = nn.conv2d(x, nn.parameter("stem/conv/weights"), 1, 1);
      BatchNorm<M> norm = nn.batchNormTraining(conv, "stem/bn", EPSILON);
      Operand<M> relu = nn.relu(norm.y());
      StepStatements<M> step = new StepStatements<>(nn, grad, update, 0);
      StepStatements.Loss<M> loss = step.scores("head/scores", relu, images, labels);
      Operand<M> dConv = step.norm("stem/bn", norm, grad.relu(loss.features(), relu));
      step.filter("stem/conv/weights", x, dConv, 1, 1);
      return loss.value();
    }
  }

  /**
   * Writes torchvision's file of it: channel c of the stem is colour c, class k is colour 2 - k:
   * blue is class 0.
   */
  static void writeWeights(Path file) throws IOException {
    float[] conv = new float[4 * 3 * 1 * 3]; // [outputs, inputs, height, width]
    float[] scores = new float[3 * 4]; // [outputs, inputs, 1, 1]
    for (int color = 0; color < 3; color++) {
      conv[(color * 3 + color) * 3 + 1] = 1;
      scores[(2 - color) * 4 + color] = 1;
    }
    StringBuilder header = new StringBuilder("{");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    add(header, data, "backbone.conv1.weight", "[4,3,1,3]", conv);
    add(header, data, "backbone.bn1.weight", "[4]", 1, 1, 1, 1);
    add(header, data, "backbone.bn1.bias", "[4]", 0, 0, 0, 0);
    add(header, data, "backbone.bn1.running_mean", "[4]", 0, 0, 0, 0);
    add(header, data, "backbone.bn1.running_var", "[4]", 1, 1, 1, 1);
    add(header, data, "classifier.4.weight", "[3,4,1,1]", scores);
    add(header, data, "classifier.4.bias", "[3]", 0, 0, 0);
    add(header, data, "aux_classifier.4.bias", "[3]", 0, 0, 0);
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).put(data.toByteArray()).array());
  }

  private static void add(
      StringBuilder header,
      ByteArrayOutputStream data,
      String name,
      String shape,
      float... values) {
    int begin = data.size();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    data.writeBytes(bytes.array());
    header
        .append(header.length() > 1 ? "," : "")
        .append(
            "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, shape, begin, data.size()));
  }
}
