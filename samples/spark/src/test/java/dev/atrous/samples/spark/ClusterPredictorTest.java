package dev.atrous.samples.spark;

import static dev.atrous.samples.spark.LocalCluster.SPARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.predict.SlidingWindow;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.samples.RoundShapesModel;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.ShapesDeepLabPredictor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Labels images on two executors and compares with one predictor in this JVM. */
@ExtendWith(LocalCluster.class)
class ClusterPredictorTest {
  private static final int PICTURES = 8;
  private static final int CLASSES = 7;
  private static final int WINDOW = 65;
  private static final String MODEL = "dev.atrous.samples.ShapesDeepLabModel";
  private static final StructType PATHS = new StructType().add("path", DataTypes.StringType);
  private static final StructType FILES = PATHS.add("content", DataTypes.BinaryType);

  private static Path weights = Path.of("");
  private static Path images = Path.of("");
  private static List<Path> good = List.of();

  private record Run(int code, String out, String err) {}

  @BeforeAll
  static void draw(@TempDir Path shared) throws IOException {
    weights = shared.resolve("run");
    InitialCheckpoint.write(new ShapesDeepLabModel().parameters(), weights, 1);
    images = shared.resolve("images");
    good = Pictures.draw(images, PICTURES);
  }

  @Test
  void aFolderOnBothExecutors(@TempDir Path folder) throws IOException {
    Path all = folder.resolve("images");
    List<Path> pictures = new ArrayList<>(Pictures.draw(all, PICTURES));
    pictures.add(Pictures.addDeep(all));
    Pictures.addBad(all, pictures.get(1));
    List<String> before = LocalCluster.loads(0);
    Path masks = folder.resolve("masks");
    Path table = folder.resolve("table");

    Run run =
        run(
            "--images=" + all,
            "--model=" + MODEL,
            "--weights=" + weights,
            "--masks=" + masks,
            "--output=" + table);

    assertThat(run.err).isEmpty();
    assertThat(run.code).isZero();
    assertThat(run.out)
        .contains(pictures.size() + " images labelled", Pictures.BAD.size() + " could not be");
    Results results = Results.of(SPARK.read().parquet(table.toString()));
    assertThat(results.rows()).hasSize(pictures.size() + Pictures.BAD.size());
    assertThat(files(masks)).hasSize(pictures.size());
    compare(results, pictures, all, masks, Averaging.NONE);
    for (List<String> bad : Pictures.BAD) {
      String file = all.resolve(bad.get(0)).toString();
      assertThat(results.text(file, "error")).contains(file, bad.get(1));
      assertThat(results.value(file, "mask")).isNull();
      assertThat(results.value(file, "pixels_0_background")).isNull();
    }
    assertThat(results.text(all.resolve(Pictures.DEEP).toString(), "note"))
        .contains("Values have 16 bits", "read as 12 bits");

    List<String> loads = LocalCluster.loads(before.size() + 2);
    before.forEach(loads::remove);
    assertThat(loads).as("both took part, with one model each").containsExactly("0", "1");
  }

  @Test
  void aTableOfFilesThroughWindows(@TempDir Path folder) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Path image : good) {
      rows.add(RowFactory.create(images.relativize(image).toString(), Files.readAllBytes(image)));
    }
    rows.add(RowFactory.create("noise \"7\", upper", new byte[] {1, 2, 3}));
    rows.add(RowFactory.create("nothing", null));
    rows.add(RowFactory.create(null, new byte[0]));
    rows.add(RowFactory.create("../outside", Files.readAllBytes(good.get(0))));
    String input = folder.resolve("input").toString();
    SPARK.createDataFrame(rows, FILES).write().parquet(input);
    Path masks = folder.resolve("masks");
    Path table = folder.resolve("table");

    Run run =
        run(
            "--table=" + input,
            "--model=" + MODEL,
            "--weights=" + weights,
            "--shared-weights",
            "--masks=" + masks,
            "--output=" + table,
            "--output-format=csv",
            "--window=" + WINDOW);

    assertThat(run.err).isEmpty();
    assertThat(run.out).contains(good.size() + " images labelled", "4 could not be");
    Results results =
        Results.of(
            SPARK.read().option("header", true).option("escape", "\"").csv(table.toString()));
    compare(results, good, images, masks, Averaging.NONE.withWindow(SlidingWindow.of(WINDOW)));
    assertThat(results.text("noise \"7\", upper", "error"))
        .startsWith("Image noise \"7\", upper can't be read: it is of no known image format.");
    assertThat(results.text("nothing", "error")).contains("has no content");
    assertThat(results.text("null", "error")).contains("no path");
    assertThat(results.text("../outside", "error")).contains("has .. in its path");
    assertThat(files(masks)).hasSize(good.size());
  }

  @Test
  void imagesAndMasksOnAnotherFileSystem(@TempDir Path folder) throws IOException {
    List<Row> rows = new ArrayList<>();
    good.forEach(image -> rows.add(RowFactory.create("remote:" + image)));
    rows.add(RowFactory.create("remote:/no/such.png"));
    rows.add(RowFactory.create("nowhere:/file.png"));
    rows.add(RowFactory.create("a.png"));
    Dataset<Row> labelled =
        predictor("remote:" + folder).predict(SPARK.createDataFrame(rows, PATHS).repartition(3));

    labelled.foreach(row -> {}); // so that the second time, masks are there
    Results results = Results.of(labelled);

    compare(results, good, Path.of("/"), folder, Averaging.NONE);
    assertThat(results.text("/no/such.png", "error"))
        .isEqualTo("Image remote:/no/such.png doesn't exist. Check the path.");
    assertThat(results.text("nowhere:/file.png", "error"))
        .startsWith("Image nowhere:/file.png can't be read: No FileSystem for scheme \"nowhere\"");
    assertThat(results.text("a.png", "error")).contains("relative path");
    assertThat(files(folder)).hasSize(good.size());
  }

  @Test
  void namesOfMasksAreCheckedFirst(@TempDir Path folder) {
    ClusterPredictor predictor = predictor(folder.toString());

    assertThatThrownBy(() -> predictor.predict(table("/a/b.jpg", "/c.jpg", "/a/b.png")))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The masks of both /a/b.jpg and /a/b.png would be a/b.png in file:%s. Rename one, or label them into different folders.",
            folder);
    assertThatThrownBy(() -> predictor.predict(table("/a/b.jpg", "/a/b.jpg")))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("Image /a/b.jpg is in 2 rows of the table.");
    assertThatThrownBy(() -> predictor.predict(table("file://" + folder + "/b.jpg")))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("lies in the folder of masks");
    assertThatThrownBy(() -> predictor.predict(table("/a.jpg").toDF("file")))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The table of images has no column path, only file. Name the column of the images' paths 'path'.");
    assertThatThrownBy(
            () -> predictor.predict(table("/a.jpg").selectExpr("path", "path as content")))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The column content of the images' table is of type string; it must be binary.");
  }

  @Test
  void aMistakeIsOneMessage(@TempDir Path folder) throws IOException {
    Path other = folder.resolve("other");
    InitialCheckpoint.write(new RoundShapesModel().parameters(), other, 1);
    Path there = Files.createDirectory(folder.resolve("there"));
    String[] args = {
      "--model=" + MODEL,
      "--weights=" + weights,
      "--images=" + images,
      "--masks=" + folder.resolve("masks"),
      "--output=" + folder.resolve("table")
    };

    expectMistake(with(args, "--weights=" + other), "does not fit the model");
    expectMistake(with(args, "--weights=" + there), "There is no checkpoint in " + there);
    expectMistake(with(args, "--model=java.lang.String"), "is no model that Atrous generated");
    expectMistake(with(args, "--model=a.B"), "There is no class a.B");
    expectMistake(with(args, "--images=" + there), "has no image");
    expectMistake(with(args, "--images=/no/such"), "Folder /no/such doesn't exist.");
    expectMistake(with(args, "--output=" + other), "exists already");
    Path file = Files.createFile(folder.resolve("file"));
    expectMistake(with(args, "--masks=" + file.resolve("masks")), "could not be written: ");
    // A job that failed is no reason to refuse the next one.
    expectMistake(with(args, "--output-stride=3"), "can't run at output stride 3");
    assertThat(folder.resolve("masks")).doesNotExist();
  }

  @Test
  void noImageLabelledIsAFailure(@TempDir Path folder) throws IOException {
    Path all = Files.createDirectory(folder.resolve("images"));
    Pictures.addBad(all, good.get(0));

    Run run =
        run(
            "--model=" + MODEL,
            "--weights=" + weights,
            "--images=" + all,
            "--masks=" + folder.resolve("masks"),
            "--output=" + folder.resolve("table"));

    assertThat(run.code).isEqualTo(1);
    assertThat(run.err).startsWith("error: None of the 3 images could be labelled.");
  }

  @Test
  void tasksShareAModelUntilAnotherIsAskedFor() {
    ClusterWeights weights = ClusterWeights.shared(ClusterPredictorTest.weights);
    ModelSettings settings = new ModelSettings(MODEL, weights, 8, 0, 1);
    Image image = new Image(9, 9, new byte[3 * 9 * 9]);

    ExecutorModel first = ExecutorModel.acquire(settings);
    ExecutorModel second = ExecutorModel.acquire(settings);
    assertThat(second).isSameAs(first);
    first.close();
    second.close();
    ExecutorModel again = ExecutorModel.acquire(settings);
    assertThat(again).as("it stays for the tasks to come").isSameAs(first);

    ExecutorModel other = ExecutorModel.acquire(settings.withWindow(WINDOW));
    assertThat(other).isNotSameAs(first);
    again.predictor().predict(image); // while it is used, it works
    again.close();
    assertThatThrownBy(() -> again.predictor().predict(image)).isInstanceOf(RuntimeException.class);
    other.predictor().predict(image);
    other.close();
  }

  private static Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        new SparkPredict().commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(args);
    return new Run(code, out.toString(), err.toString());
  }

  /** Arguments with one in place of its like. */
  private static String[] with(String[] args, String arg) {
    String name = arg.substring(0, arg.indexOf('='));
    return Stream.concat(
            Stream.of(args).filter(other -> !other.startsWith(name + "=")), Stream.of(arg))
        .toArray(String[]::new);
  }

  private static void expectMistake(String[] args, String message) {
    Run run = run(args);
    assertThat(run.err).startsWith("error: ").contains(message);
    assertThat(run.code).isEqualTo(1);
  }

  private static Dataset<Row> table(String... paths) {
    return SPARK.createDataFrame(Stream.of(paths).map(RowFactory::create).toList(), PATHS);
  }

  private static ClusterPredictor predictor(String masks) {
    return ClusterPredictor.of(ShapesDeepLabModel.class, ClusterWeights.shared(weights), masks);
  }

  private static Set<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return Set.copyOf(files.filter(Files::isRegularFile).toList());
    }
  }

  /** Compares rows and masks with what one predictor, on one thread, makes of images. */
  private static void compare(
      Results results, List<Path> pictures, Path root, Path masks, Averaging averaging)
      throws IOException {
    PredictorOptions options =
        PredictorOptions.of(new ShapesDeepLabModel().description(), weights)
            .withThreads(1)
            .withAveraging(averaging);
    long[] all = new long[CLASSES];
    try (Predictor alone = new ShapesDeepLabPredictor(options)) {
      for (Path picture : pictures) {
        String name = root.relativize(picture).toString();
        Path mask = masks.resolve(name.substring(0, name.lastIndexOf('.')) + ".png");
        String path = results.has(name) ? name : picture.toString();
        assertThat(results.value(path, "error")).isNull();
        assertThat(results.text(path, "mask")).endsWith(mask.toString());

        Path expected = images.resolveSibling("expected.png");
        alone.predict(Image.read(picture)).write(expected);
        assertThat(mask).hasSameBinaryContentAs(expected);
        compareCounts(results, path, LabelMap.read(mask), all);
      }
    }
    assertThat(Arrays.stream(all).filter(sum -> sum > 0).count()).isGreaterThan(1);
  }

  private static void compareCounts(Results results, String path, LabelMap mask, long[] all) {
    long[] pixels = new long[CLASSES];
    for (byte label : mask.labels()) {
      pixels[label]++;
      all[label]++;
    }
    assertThat(results.number(path, "width")).isEqualTo(mask.width());
    assertThat(results.number(path, "height")).isEqualTo(mask.height());
    List<String> names = new ShapesDeepLabModel().description().classNames();
    for (int label = 0; label < CLASSES; label++) {
      String column = "pixels_" + label + "_" + names.get(label);
      assertThat(results.number(path, column)).isEqualTo(pixels[label]);
    }
  }
}
