package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.FirstConvolution;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * The weights of another program's file as the parameters of a model. Opening it matches names and
 * shapes; values are read one parameter at a time. Where the model prepares images in another way
 * than a backbone was trained with, or has other bands, the first convolution is adapted. May be
 * used by one thread at a time.
 *
 * <pre>{@code
 * Path file = Path.of("deeplabv3_resnet50_coco.pth");
 * try (WeightImport weights =
 *     WeightImport.open(WeightSource.TORCHVISION, file, model, false)) {
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
  private final FirstConvolution first;
  private final List<String> notes;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  private WeightImport(
      TensorFile file,
      Layout layout,
      Matching matching,
      List<Parameter> parameters,
      ModelDescription model) {
    this.file = file;
    this.layout = layout;
    this.matching = matching;
    first = new FirstConvolution(layout.pixels(), model.pixels());
    notes = notes(file, layout, matching, model);
    for (Parameter parameter : parameters) {
      boolean isFirst = FirstConvolution.STEMS.containsKey(parameter.name());
      Shape shape = parameter.shape();
      shapes.put(parameter.name(), isFirst ? FirstConvolution.inColors(shape) : shape);
    }
  }

  /**
   * Opens a file for a model.
   *
   * @param skipClassifier whether the layers that give class scores keep their initial values, for
   *     a model with other classes than the file's
   * @throws AtrousException if the file can't be read; is of a network that no spec describes; the
   *     model would compute another function with weights of a whole model than the program does,
   *     or has another stem than the file; a tensor is missing, left over, or has another shape or
   *     type than its parameter; or a value is not a number, infinite, or a negative variance. The
   *     message lists all that differs
   */
  public static WeightImport open(
      WeightSource source, Path path, CompiledModel model, boolean skipClassifier) {
    return open(source, path, model.parameters(), model.description(), skipClassifier);
  }

  /** Opens a file for the parameters of a model as it is described. */
  static WeightImport open(
      WeightSource source,
      Path path,
      List<Parameter> parameters,
      ModelDescription model,
      boolean skipClassifier) {
    TensorFile file = source.open(path);
    try {
      Layout layout = Layout.of(source, file, parameters);
      layout.requirements().check(path, model);
      Matching matching = Matching.of(layout, file, parameters, skipClassifier);
      ValueCheck.check(file, matching.tensors());
      return new WeightImport(file, layout, matching, parameters, model);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static List<String> notes(
      TensorFile file, Layout layout, Matching matching, ModelDescription model) {
    List<String> notes = new ArrayList<>(file.notes());
    if (!matching.prefix().isEmpty()) {
      notes.add(
          "names in the file begin with "
              + FormatException.quoted(matching.prefix())
              + ", which is left out");
    }
    if (model.bands() != FirstConvolution.COLORS) {
      notes.add(FirstConvolution.note(model.bands()));
    }
    notes.addAll(layout.requirements().unknown(model));
    return List.copyOf(notes);
  }

  /**
   * What a user should know: where in the file the weights were found, what was passed over, and
   * what the file does not say. Clauses without a full stop.
   */
  public List<String> notes() {
    return notes;
  }

  /** Names of the parameters that the file has values for, in the order of the network. */
  public Set<String> imported() {
    return matching.tensors().keySet();
  }

  /**
   * The name of the tensor that a parameter is read from.
   *
   * @throws IllegalArgumentException if {@link #imported} has no such name
   */
  public String tensor(String parameter) {
    String tensor = matching.tensors().get(parameter);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter " + parameter + " is imported");
    }
    return tensor;
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
    float[] values = stored(parameter);
    if (first.isSame()) {
      return values;
    }
    if (FirstConvolution.STEMS.containsKey(parameter)) {
      return first.weights(values, shape(parameter));
    }
    for (Map.Entry<String, String> stem : FirstConvolution.STEMS.entrySet()) {
      if (parameter.equals(stem.getValue()) && matching.tensors().containsKey(stem.getKey())) {
        return first.movingMean(values, stored(stem.getKey()));
      }
    }
    return values;
  }

  private Shape shape(String parameter) {
    Shape shape = shapes.get(parameter);
    if (shape == null) {
      throw new IllegalArgumentException("no parameter is named " + parameter);
    }
    return shape;
  }

  /** The value of the file in the shape of the parameter. */
  private float[] stored(String parameter) {
    float[] values = file.read(tensor(parameter));
    Shape shape = shape(parameter);
    return shape.numDimensions() == 4 && layout.isOutputsFirst()
        ? outputsLast(values, shape)
        : values;
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

  @Override
  public void close() {
    file.close();
  }
}
