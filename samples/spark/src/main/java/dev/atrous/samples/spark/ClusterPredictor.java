package dev.atrous.samples.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.PredictorOptions;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import scala.Tuple3;

/**
 * Labels images on a cluster: their masks become files, and what they hold a table. Each executor
 * loads the model once, for all of its tasks; a task has one image in memory at a time.
 *
 * <pre>{@code
 * ClusterWeights weights = ClusterWeights.shared(Path.of("/shared/runs/shapes"));
 * ClusterPredictor predictor =
 *     ClusterPredictor.of(ShapesDeepLabModel.class, weights, "hdfs:///masks");
 * predictor.predictFolder(spark, "hdfs:///photos").write().parquet("hdfs:///areas");
 * }</pre>
 */
public final class ClusterPredictor {
  /** The column of the images' content, in tables that have it. */
  public static final String CONTENT = "content";

  private static final int TASKS_PER_CORE = 4;
  private static final int IMAGES_PER_TASK = 100; // at most; a task that fails begins anew

  private final ModelDescription model;
  private final ModelSettings settings;
  private final String masks;

  private ClusterPredictor(ModelDescription model, ModelSettings settings, String masks) {
    this.model = model;
    this.settings = settings;
    this.masks = masks;
  }

  /**
   * A predictor at the output stride of the training.
   *
   * @param model a generated class, in a jar that executors have
   * @param masks the folder that masks are written to: a path that every executor can write to,
   *     with a scheme that Hadoop knows, or on its default file system
   * @throws AtrousException if the weights are not those of the model
   */
  public static ClusterPredictor of(
      Class<? extends CompiledModel> model, ClusterWeights weights, String masks) {
    String name = model.getName();
    CompiledModel compiled = ModelSettings.model(name);
    weights.checkFit(compiled);
    ModelDescription description = compiled.description();
    int stride = description.outputStride();
    return new ClusterPredictor(description, new ModelSettings(name, weights, stride, 0, 0), masks);
  }

  /**
   * The same with another output stride.
   *
   * @throws AtrousException if the model can't run at it
   */
  public ClusterPredictor withOutputStride(int value) {
    PredictorOptions.checkOutputStride(model, value);
    return with(settings.withOutputStride(value));
  }

  /**
   * The same for images that are looked at through overlapping windows and are in memory in strips
   * alone, as are their masks.
   *
   * @param pixels side of a window; 0, the default, for images at once
   * @throws AtrousException for sizes that no window has
   */
  public ClusterPredictor withWindow(int pixels) {
    return with(settings.withWindow(pixels));
  }

  /**
   * The same with other threads.
   *
   * @param value of an executor's TensorFlow, which its tasks share; 0, the default, for as many as
   *     the executor has cores ({@code spark.executor.cores}; where that is not set, as the machine
   *     has)
   * @throws AtrousException for a negative number
   */
  public ClusterPredictor withThreads(int value) {
    return with(settings.withThreads(value));
  }

  private ClusterPredictor with(ModelSettings other) {
    return new ClusterPredictor(model, other, masks);
  }

  /**
   * Labels the image files of a folder and of those below it, without hidden ones. Masks keep their
   * places below.
   *
   * @param folder a path that Hadoop can read
   * @return as {@link #predict}
   * @throws AtrousException as {@link #predict}, and if the folder can't be listed or has no image
   */
  public Dataset<Row> predictFolder(SparkSession spark, String folder) {
    List<String> images = ImageListing.of(folder, spark.sparkContext().hadoopConfiguration());
    int tasks = (images.size() + IMAGES_PER_TASK - 1) / IMAGES_PER_TASK;
    int partitions = Math.max(partitions(spark), tasks);
    JavaRDD<String> paths =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(images, partitions);
    return predict(
        spark.createDataset(paths.rdd(), Encoders.STRING()).toDF(PredictionTable.PATH), folder);
  }

  /** Tasks that keep all cores busy to the end, where images take different times. */
  static int partitions(SparkSession spark) {
    return TASKS_PER_CORE * spark.sparkContext().defaultParallelism();
  }

  /**
   * Labels the images of a table. The work is done when the result is used, each time that it is
   * used: write it, and go on with what is written. Before that, the paths are looked through for
   * two that would have the same mask.
   *
   * @param images with a column {@code path}: a string, the image's file, as a path that Hadoop can
   *     read. With a column {@code content} (binary) that is the file's content, and the path any
   *     name. Other columns are not looked at. One task works at each partition.
   * @return a row for each image: {@code path} as it was; {@code mask}, the file of its mask, as
   *     the path under the folder of masks, with the suffix {@code .png}; {@code width} and {@code
   *     height} in pixels; {@code pixels_0_NAME}, {@code pixels_1_NAME} and so on, how many pixels
   *     each class has; {@code note}, what one may not expect of how the image was read; {@code
   *     error}, why an image has no mask: then all but its path is null
   * @throws AtrousException if a column is missing or of another type, or if a mask would be
   *     written twice or over an image
   */
  public Dataset<Row> predict(Dataset<Row> images) {
    return predict(images, "");
  }

  private Dataset<Row> predict(Dataset<Row> images, String root) {
    Configuration hadoop = images.sparkSession().sparkContext().hadoopConfiguration();
    MaskFolder folder = MaskFolder.of(masks, root, hadoop);
    Dataset<Row> rows = columns(images);
    checkNames(rows.select(PredictionTable.PATH).as(Encoders.STRING()), folder);
    LabelImages task =
        new LabelImages(settings, model.classes(), folder, new SerializableConfiguration(hadoop));
    return rows.mapPartitions(task, Encoders.row(PredictionTable.schema(model)));
  }

  private static Dataset<Row> columns(Dataset<Row> images) {
    List<String> names = Arrays.asList(images.columns());
    checkColumn(images, PredictionTable.PATH, DataTypes.StringType);
    if (!names.contains(CONTENT)) {
      return images.select(PredictionTable.PATH);
    }
    checkColumn(images, CONTENT, DataTypes.BinaryType);
    return images.select(PredictionTable.PATH, CONTENT);
  }

  private static void checkColumn(Dataset<Row> images, String name, DataType type) {
    List<String> names = Arrays.asList(images.columns());
    if (!names.contains(name)) {
      throw new AtrousException(
          "The table of images has no column %s, only %s. Name the column of the images' paths '%1$s'."
              .formatted(name, String.join(", ", names)));
    }
    DataType found = images.schema().apply(name).dataType();
    if (!found.equals(type)) {
      throw new AtrousException(
          "The column %s of the images' table is of type %s; it must be %s."
              .formatted(name, found.simpleString(), type.simpleString()));
    }
  }

  /** That each mask is written once, and none over an image. */
  private static void checkNames(Dataset<String> paths, MaskFolder folder) {
    Encoder<Tuple3<String, String, Boolean>> columns =
        Encoders.tuple(Encoders.STRING(), Encoders.STRING(), Encoders.BOOLEAN());
    List<Row> bad =
        paths
            .flatMap(
                (FlatMapFunction<String, Tuple3<String, String, Boolean>>)
                    path -> named(path, folder).iterator(),
                columns)
            .toDF("name", "path", "inside")
            .groupBy("name")
            .agg(min("path"), max("path"), count("path"), max("inside"))
            .filter(col("count(path)").gt(1).or(col("max(inside)")))
            .takeAsList(1);
    for (Row row : bad) {
      String first = row.getString(1);
      String last = row.getString(2);
      if (row.getBoolean(4)) {
        throw new AtrousException(
            "Image %s lies in the folder of masks, %s, where a mask could be written over it. Choose another folder for the masks."
                .formatted(first, folder.folder()));
      }
      throw new AtrousException(
          first.equals(last)
              ? "Image %s is in %d rows of the table. Leave out the others, for example with dropDuplicates."
                  .formatted(first, row.getLong(3))
              : "The masks of both %s and %s would be %s in %s. Rename one, or label them into different folders."
                  .formatted(first, last, row.getString(0), folder.folder()));
    }
  }

  /** What becomes of a path; nothing, if its row will be one with an error. */
  private static List<Tuple3<String, String, Boolean>> named(
      @Nullable String path, MaskFolder folder) {
    try {
      return path == null
          ? List.of()
          : List.of(new Tuple3<>(folder.name(path), path, folder.contains(path)));
    } catch (AtrousException e) {
      return List.of();
    }
  }
}
