package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Parameter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * The weights of another program's file as the parameters of a model. Opening it matches names and
 * shapes; values are read one parameter at a time. May be used by one thread at a time.
 *
 * <pre>{@code
 * Path file = Path.of("deeplabv3_resnet50_coco.pth");
 * try (WeightImport weights =
 *     WeightImport.open(WeightSource.TORCHVISION, file, model.parameters(), false)) {
 *   InitialCheckpoint.write(model.parameters(), weights.imported(), weights::read, directory, 1);
 * }
 * }</pre>
 *
 * The directory is then one for {@code --weights}, {@link
 * dev.atrous.runtime.predict.PredictorOptions} and {@link
 * dev.atrous.runtime.train.TrainingOptions}.
 */
public final class WeightImport implements AutoCloseable {
  private final TensorFile file;
  private final Layout layout;
  private final Matching matching;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  private WeightImport(
      TensorFile file, Layout layout, Matching matching, List<Parameter> parameters) {
    this.file = file;
    this.layout = layout;
    this.matching = matching;
    parameters.forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
  }

  /**
   * Opens a file for a model.
   *
   * @param parameters of the model
   * @param skipClassifier whether the layers that give class scores keep their initial values, for
   *     a model with other classes than the file's
   * @throws AtrousException if the file can't be read, or a tensor is missing, left over, or has
   *     another shape or type than its parameter; the message lists them
   */
  public static WeightImport open(
      WeightSource source, Path path, List<Parameter> parameters, boolean skipClassifier) {
    TensorFile file = source.open(path);
    try {
      Layout layout = Layout.of(source, file, parameters);
      Matching matching = Matching.of(layout, file, parameters, skipClassifier);
      return new WeightImport(file, layout, matching, parameters);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Names of the parameters that the file has values for, in the order of the network. */
  public Set<String> imported() {
    return matching.tensors().keySet();
  }

  /** Names of the parameters that keep their initial values, in the order of the network. */
  public List<String> initial() {
    return matching.initial();
  }

  /** Names of the tensors in the file that no parameter needs, in the order of the file. */
  public List<String> unused() {
    return matching.unused();
  }

  /**
   * The value of a parameter.
   *
   * @return row-major in the parameter's shape; convolutions are {@code [height, width, inputs,
   *     outputs]}
   * @throws IllegalArgumentException if {@link #imported} has no such name
   * @throws AtrousException if the file is damaged
   */
  public float[] read(String parameter) {
    String tensor = matching.tensors().get(parameter);
    Shape shape = shapes.get(parameter);
    if (tensor == null || shape == null) {
      throw new IllegalArgumentException("no parameter " + parameter + " is imported");
    }
    float[] values = file.read(tensor);
    if (shape.numDimensions() == 4 && layout.isOutputsFirst()) {
      values = outputsLast(values, shape);
    }
    if (parameter.equals(Layout.STEM_WEIGHTS)) {
      scaleInputs(values, shape);
    }
    return values;
  }

  /** From {@code [outputs, inputs, height, width]} to {@code [height, width, inputs, outputs]}. */
  private static float[] outputsLast(float[] values, Shape shape) {
    int area = Math.toIntExact(shape.get(0) * shape.get(1));
    int inputs = Math.toIntExact(shape.get(2));
    int outputs = Math.toIntExact(shape.get(3));
    float[] moved = new float[values.length];
    for (int out = 0; out < outputs; out++) {
      for (int in = 0; in < inputs; in++) {
        for (int pixel = 0; pixel < area; pixel++) {
          moved[(pixel * inputs + in) * outputs + out] = values[(out * inputs + in) * area + pixel];
        }
      }
    }
    return moved;
  }

  private void scaleInputs(float[] values, Shape shape) {
    int inputs = Math.toIntExact(shape.get(2));
    int outputs = Math.toIntExact(shape.get(3));
    for (int i = 0; i < values.length; i++) {
      values[i] *= layout.stemScale().get(i / outputs % inputs);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
