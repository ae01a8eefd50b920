package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import org.apache.spark.SparkEnv;

/**
 * Which predictor an executor makes.
 *
 * @param model name of a class that the annotation processor generated
 * @param weights what it reads
 * @param outputStride of the network
 * @param window side of the windows that larger images are seen through, in pixels; 0 for images at
 *     once
 * @param threads of an operation on the CPU; 0 for one per core of the executor
 */
record ModelSettings(
    String model, ClusterWeights weights, int outputStride, int window, int threads)
    implements Serializable {
  private static final String CORES = "spark.executor.cores";

  /**
   * @throws AtrousException for a window or threads that no predictor can have
   */
  ModelSettings {
    if (window != 0) {
      SlidingWindow.of(window);
    }
    if (threads < 0) {
      throw new AtrousException("The threads are " + threads + "; they must be at least 0.");
    }
  }

  /**
   * The compiled model of a class, which the jars of the application have.
   *
   * @throws AtrousException if there is none of that name
   */
  static CompiledModel model(String name) {
    try {
      return Class.forName(name, true, Thread.currentThread().getContextClassLoader())
          .asSubclass(CompiledModel.class)
          .getConstructor()
          .newInstance();
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new AtrousException(
          "There is no class %s. Give the full name of a generated model, such as dev.atrous.samples.ShapesDeepLabModel, and its jar to spark-submit with --jars."
              .formatted(name),
          e);
    } catch (ClassCastException
        | NoSuchMethodException
        | IllegalAccessException
        | InstantiationException e) {
      throw new AtrousException(
          "The class %s is no model that Atrous generated. They are named after a spec: ShapesDeepLabModel after ShapesDeepLab."
              .formatted(name),
          e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  ModelSettings withOutputStride(int value) {
    return new ModelSettings(model, weights, value, window, threads);
  }

  ModelSettings withWindow(int value) {
    return new ModelSettings(model, weights, outputStride, value, threads);
  }

  ModelSettings withThreads(int value) {
    return new ModelSettings(model, weights, outputStride, window, value);
  }

  /** Whether images and masks go through memory in strips. */
  boolean inStrips() {
    return window > 0;
  }

  /**
   * Makes the predictor, with as many threads as the executor has cores where nothing else is said:
   * all tasks of an executor share the threads, and another executor may be on the same machine.
   *
   * @throws AtrousException if the native library or the weights can't be used
   */
  Predictor load() {
    if (!inStrips()) {
      NativeLibrary.expectManySizes();
    }
    Averaging averaging =
        inStrips() ? Averaging.NONE.withWindow(SlidingWindow.of(window)) : Averaging.NONE;
    CompiledModel compiled = model(model);
    try (ClusterWeights.Local checkpoint = weights.local()) {
      PredictorOptions options =
          PredictorOptions.of(compiled.description(), checkpoint.prefix())
              .withOutputStride(outputStride)
              .withAveraging(averaging)
              .withThreads(threads > 0 ? threads : SparkEnv.get().conf().getInt(CORES, 0));
      return new Predictor(compiled, options);
    }
  }
}
