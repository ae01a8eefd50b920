package dev.atrous.samples.spark;

import static java.util.Objects.requireNonNull;
import static org.apache.spark.sql.functions.col;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Labels a folder or a table of images on a Spark cluster. For {@code spark-submit}; {@code --help}
 * lists the options.
 */
@Command(
    name = "SparkPredict",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Label each pixel of images on a Spark cluster.",
      "Writes a mask for each image, whose colours are class numbers, and a table that says",
      "how many pixels each class has; for an image that can't be labelled, why."
    })
public final class SparkPredict extends SparkProgram {
  @Option(
      names = "--model",
      paramLabel = "CLASS",
      required = true,
      description =
          "The generated class of the model, for example dev.atrous.samples.ShapesDeepLabModel.")
  String model = "";

  @Option(
      names = "--weights",
      paramLabel = "DIR",
      required = true,
      description =
          "Output directory of a training, or the prefix of a checkpoint, on the driver. The"
              + " executors get a copy.")
  Path weights = Path.of("");

  @Option(
      names = "--shared-weights",
      description = "Send no copy: the executors have the weights at the same path.")
  boolean sharedWeights;

  @ArgGroup(multiplicity = "1")
  Images images = new Images();

  /** Where images are. */
  static final class Images {
    @Option(
        names = "--images",
        paramLabel = "DIR",
        required = true,
        description = "Folder of images; those in folders below keep their places.")
    @Nullable String folder;

    @Option(
        names = "--table",
        paramLabel = "PATH",
        required = true,
        description =
            "Table of images, with a column path, and if it holds the files themselves, a column"
                + " content.")
    @Nullable String table;
  }

  /** What Spark reads and writes tables as. */
  enum Format {
    PARQUET,
    CSV,
    JSON,
    ORC;

    private static final Map<String, String> OPTIONS = // of CSV, as most programs write it
        Map.of("header", "true", "escape", "\"", "multiLine", "true");

    Dataset<Row> read(SparkSession spark, String path) {
      return spark.read().format(name()).options(OPTIONS).load(path);
    }

    void write(Dataset<Row> table, String path) {
      table.write().format(name()).options(OPTIONS).save(path);
    }
  }

  @Option(
      names = "--table-format",
      paramLabel = "FORMAT",
      description = "Of the table: parquet, csv (with a header), json, orc; default: parquet.")
  Format tableFormat = Format.PARQUET;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      required = true,
      description = "Where the masks go: a folder that every executor can write to.")
  String masks = "";

  @Option(
      names = "--output",
      paramLabel = "PATH",
      required = true,
      description = "Where the table of the results goes; must not exist.")
  String output = "";

  @Option(
      names = "--output-format",
      paramLabel = "FORMAT",
      description = "Of the results; likewise.")
  Format outputFormat = Format.PARQUET;

  @Option(
      names = "--output-stride",
      paramLabel = "N",
      description = "Of the network; default: that of the training.")
  @Nullable Integer outputStride;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description =
          "Look at larger images through overlapping windows of this size, with images and masks in"
              + " memory in strips; default: at once.")
  int window;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of an executor's TensorFlow; default: as many as the executor has cores.")
  int threads;

  /** The program. */
  public static void main(String[] args) {
    new SparkPredict().run(args);
  }

  @Override
  public Integer call() throws IOException {
    SparkSession spark = start("atrous-predict");
    checkNew(output, spark.sparkContext().hadoopConfiguration());
    ClusterPredictor predictor = predictor(spark);
    outputFormat.write(labelled(spark, predictor), output);

    Dataset<Row> results = outputFormat.read(spark, output);
    long all = results.count();
    long bad = results.filter(col(PredictionTable.ERROR).isNotNull()).count();
    if (bad == all) {
      throw new AtrousException(
          "None of the %d images could be labelled. The column %s of %s says why."
              .formatted(all, PredictionTable.ERROR, output));
    }
    out().printf("%d images labelled: masks in %s, table in %s%n", all - bad, masks, output);
    if (bad > 0) {
      out().printf("%d could not be: see the column %s%n", bad, PredictionTable.ERROR);
    }
    return CommandLine.ExitCode.OK;
  }

  /** Removes the empty folder that Spark leaves of a job that failed; anything else stays. */
  private static void checkNew(String path, Configuration hadoop) throws IOException {
    var place = new org.apache.hadoop.fs.Path(path);
    FileSystem files = place.getFileSystem(hadoop);
    if (files.exists(place)) {
      if (files.listStatus(place).length > 0) {
        throw new AtrousException(
            "The table " + path + " exists already. Remove it, or choose another --output.");
      }
      files.delete(place, false);
    }
  }

  private ClusterPredictor predictor(SparkSession spark) {
    CompiledModel compiled = ModelSettings.model(model);
    ClusterWeights checkpoint =
        sharedWeights ? ClusterWeights.shared(weights) : ClusterWeights.send(spark, weights);
    ClusterPredictor predictor =
        ClusterPredictor.of(compiled.getClass(), checkpoint, masks)
            .withWindow(window)
            .withThreads(threads);
    return outputStride == null ? predictor : predictor.withOutputStride(outputStride);
  }

  private Dataset<Row> labelled(SparkSession spark, ClusterPredictor predictor) {
    if (images.folder != null) {
      return predictor.predictFolder(spark, images.folder);
    }
    int partitions = ClusterPredictor.partitions(spark);
    Dataset<Row> table = tableFormat.read(spark, requireNonNull(images.table));
    return predictor.predict(table.repartition(partitions)); // paths of many images fit into one
  }
}
