package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingBatches;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Averages of views against averages of predictions for each view by itself. (Resized views are
 * compared with a reference in the samples.)
 */
class AveragedPredictionTest {
  private static final TinyModel MODEL = new TinyModel();
  private static final int CLASSES = 3;
  private static final float TOLERANCE = 1e-5f;
  private static Path run = Path.of("");

  @BeforeAll
  static void train(@TempDir Path directory) {
    run = directory;
    TrainingOptions options =
        TrainingOptions.of(MODEL.description())
            .steps(20)
            .device(Device.CPU)
            .output(directory)
            .build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      trainer.fit(new TrainingBatches(0));
    }
  }

  private static Predictor predictor(int crop, Averaging averaging) {
    return predictor(4, crop, averaging);
  }

  private static Predictor predictor(int outputStride, int crop, Averaging averaging) {
    return new Predictor(
        MODEL,
        new PredictorOptions(run, outputStride, crop, averaging, Device.CPU, 0, Precision.FLOAT32));
  }

  private static Image image(int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    new Random(height * 1000L + width).nextBytes(rgb);
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      rgb[i] = (byte) ((i % 3 == x * 3 / width ? 150 : 0) + (rgb[i] & 63));
    }
    return new Image(width, height, rgb);
  }

  private static Image cut(Image image, int top, int left, int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    for (int y = 0; y < height; y++) {
      int from = ((top + y) * image.width() + left) * 3;
      System.arraycopy(image.values(), from, rgb, y * width * 3, width * 3);
    }
    return new Image(width, height, rgb);
  }

  private static Image mirrored(Image image) {
    byte[] rgb = new byte[image.values().length];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / 3;
      int x = pixel % image.width();
      rgb[i] = image.values()[(pixel - x + image.width() - 1 - x) * 3 + i % 3];
    }
    return new Image(image.width(), image.height(), rgb);
  }

  private static float[] mirrored(float[] map, int width) {
    float[] result = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      int pixel = i / CLASSES;
      int x = pixel % width;
      result[i] = map[(pixel - x + width - 1 - x) * CLASSES + i % CLASSES];
    }
    return result;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(TOLERANCE));
    }
  }

  private static byte[] argMax(float[] probabilities) {
    byte[] labels = new byte[probabilities.length / CLASSES];
    for (int i = 0; i < labels.length; i++) {
      for (int c = 1; c < CLASSES; c++) {
        if (probabilities[i * CLASSES + c] > probabilities[i * CLASSES + labels[i]]) {
          labels[i] = (byte) c;
        }
      }
    }
    return labels;
  }

  @Test
  void probabilitiesAreTheSoftmaxOfTheScores() {
    Image image = image(20, 41);
    try (Predictor predictor = predictor(33, Averaging.NONE)) {
      float[] logits = predictor.logits(image);
      float[] expected = new float[logits.length];
      for (int i = 0; i < logits.length; i++) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
          sum += Math.exp(logits[i - i % CLASSES + c]);
        }
        expected[i] = (float) (Math.exp(logits[i]) / sum);
      }
      assertClose(predictor.probabilities(image), expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"33,33", "40,57", "1,1", "1,30", "62,3"})
  void aMirrorImageIsAveraged(int height, int width) {
    Image image = image(height, width);
    try (Predictor plain = predictor(1, Averaging.NONE);
        Predictor flipping = predictor(1, Averaging.NONE.withFlip(true))) {
      float[] one = plain.probabilities(image);
      float[] two = mirrored(plain.probabilities(mirrored(image)), width);
      float[] expected = new float[one.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (one[i] + two[i]) / 2;
      }
      assertClose(flipping.probabilities(image), expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"50,70,33,11", "33,90,33,0", "71,40,20,19", "34,34,33,0", "12,100,33,16"})
  void windowsAreAveraged(int height, int width, int size, int overlap) {
    Image image = image(height, width);
    SlidingWindow window = new SlidingWindow(size, overlap);
    float[] expected = new float[height * width * CLASSES];
    int[] views = new int[height * width];
    int rows = Math.min(height, size);
    int columns = Math.min(width, size);
    try (Predictor plain = predictor(1, Averaging.NONE);
        Predictor windowed = predictor(1, Averaging.NONE.withWindow(window))) {
      for (int top : window.starts(height)) {
        for (int left : window.starts(width)) {
          float[] part = plain.probabilities(cut(image, top, left, rows, columns));
          for (int i = 0; i < rows * columns; i++) {
            int pixel = (top + i / columns) * width + left + i % columns;
            views[pixel]++;
            for (int c = 0; c < CLASSES; c++) {
              expected[pixel * CLASSES + c] += part[i * CLASSES + c];
            }
          }
        }
      }
      for (int i = 0; i < expected.length; i++) {
        expected[i] /= views[i / CLASSES];
      }
      assertClose(windowed.probabilities(image), expected);
      assertThat(windowed.predict(image).labels()).isEqualTo(argMax(expected));
    }
  }

  @Test
  void aWindowThatIsLargeEnoughMakesNoDifference() {
    Image image = image(60, 50);
    Averaging averaging = Averaging.MULTI_SCALE.withFlip(true);
    try (Predictor whole = predictor(33, averaging);
        Predictor windowed = predictor(33, averaging.withWindow(SlidingWindow.of(200)))) {
      assertClose(windowed.probabilities(image), whole.probabilities(image));
    }
  }

  /** What each scale gives by itself is compared with a reference elsewhere. */
  @Test
  void scalesAreAveraged() {
    Image image = image(45, 38);
    List<Double> scales = List.of(0.5, 1.0, 1.75);
    Averaging averaging =
        Averaging.NONE.withFlip(true).withWindow(new SlidingWindow(33, 5)).withScales(scales);
    float[] expected = new float[45 * 38 * CLASSES];
    for (double scale : scales) {
      try (Predictor one = predictor(33, averaging.withScales(List.of(scale)))) {
        float[] probabilities = one.probabilities(image);
        for (int i = 0; i < expected.length; i++) {
          expected[i] += probabilities[i] / scales.size();
        }
      }
    }
    try (Predictor all = predictor(33, averaging)) {
      assertClose(all.probabilities(image), expected);
      assertThat(all.predict(image).labels()).isEqualTo(argMax(expected));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void imagesOfAnySize(int outputStride) {
    Averaging averaging = Averaging.MULTI_SCALE.withFlip(true);
    for (SlidingWindow window : new SlidingWindow[] {null, new SlidingWindow(17, 4)}) {
      for (int crop : new int[] {1, 33}) {
        try (Predictor predictor = predictor(outputStride, crop, averaging.withWindow(window))) {
          for (int[] size : new int[][] {{1, 1}, {1, 40}, {40, 1}, {2, 3}, {33, 34}, {47, 66}}) {
            Image image = image(size[0], size[1]);
            float[] probabilities = predictor.probabilities(image);
            assertThat(probabilities).hasSize(size[0] * size[1] * CLASSES);
            for (int i = 0; i < probabilities.length; i += CLASSES) {
              assertThat(probabilities[i] + probabilities[i + 1] + probabilities[i + 2])
                  .isCloseTo(1f, within(TOLERANCE));
            }
            assertThat(predictor.predict(image).labels()).isEqualTo(argMax(probabilities));
          }
        }
      }
    }
  }

  @Test
  void aBatchIsPredictedLikeItsImages() {
    List<Image> images =
        List.of(image(20, 30), image(33, 33), image(50, 20), image(33, 5), image(50, 33));
    Averaging windows = Averaging.MULTI_SCALE.withFlip(true).withWindow(SlidingWindow.of(21));
    for (Averaging averaging : List.of(Averaging.NONE, Averaging.MULTI_SCALE, windows)) {
      try (Predictor predictor = predictor(33, averaging)) {
        List<LabelMap> together = predictor.predict(images);
        assertThat(together).hasSameSizeAs(images);
        for (int i = 0; i < images.size(); i++) {
          LabelMap alone = predictor.predict(images.get(i));
          assertThat(together.get(i).width()).isEqualTo(images.get(i).width());
          assertThat(together.get(i).height()).isEqualTo(images.get(i).height());
          assertThat(together.get(i).labels()).isEqualTo(alone.labels());
        }
        assertThat(predictor.predict(List.of())).isEmpty();
      }
    }
  }

  /** An image that gives few rows at a time, and knows how many were asked for. */
  private static final class Strips implements ImageRows {
    private final Image image;
    private int most;

    Strips(Image image) {
      this.image = image;
    }

    @Override
    public int width() {
      return image.width();
    }

    @Override
    public int height() {
      return image.height();
    }

    @Override
    public Image rows(int top, int count) {
      most = Math.max(most, count);
      return image.rows(top, count);
    }
  }

  @ParameterizedTest
  @CsvSource({"'1',33,11,33", "'0.5,1,1.75',21,5,44", "'0.3',33,0,112", "'1',500,1,150"})
  void windowsNeedTheRowsThatTheySee(String scales, int size, int overlap, int most) {
    List<Double> factors = Stream.of(scales.split(",", -1)).map(Double::valueOf).toList();
    Averaging averaging =
        Averaging.NONE.withScales(factors).withWindow(new SlidingWindow(size, overlap));
    List<Strips> images =
        Stream.of(image(150, 61), image(97, 40), image(9, 61)).map(Strips::new).toList();
    List<Integer> next = new ArrayList<>(List.of(0, 0, 0));
    try (Predictor predictor = predictor(33, averaging)) {
      predictor.predict(
          images,
          (i, top, labels) -> {
            assertThat(next.set(i, top + labels.height())).isEqualTo(top);
            byte[] all = predictor.predict(images.get(i).image).labels();
            int width = images.get(i).width();
            assertThat(labels.labels())
                .isEqualTo(Arrays.copyOfRange(all, top * width, next.get(i) * width));
          });
    }
    assertThat(next).containsExactly(150, 97, 9);
    assertThat(images).allSatisfy(image -> assertThat(image.most).isBetween(1, most + 2));
  }

  @Test
  void severalThreadsShareAPredictor() throws Exception {
    Averaging averaging =
        Averaging.MULTI_SCALE.withFlip(true).withWindow(new SlidingWindow(33, 11));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Predictor predictor = predictor(33, averaging)) {
      List<Image> images = new ArrayList<>();
      List<byte[]> expected = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        images.add(image(30 + 5 * i, 60));
        expected.add(predictor.predict(images.get(i)).labels());
      }
      List<Future<LabelMap>> results = new ArrayList<>();
      for (Image image : images) {
        results.add(threads.submit(() -> predictor.predict(image)));
      }
      for (int i = 0; i < images.size(); i++) {
        assertThat(results.get(i).get().labels()).isEqualTo(expected.get(i));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void averagesHaveNoScores() {
    try (Predictor predictor = predictor(33, Averaging.NONE.withFlip(true))) {
      assertThatThrownBy(() -> predictor.logits(image(10, 10)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("only probabilities");
    }
  }

  @Test
  void memoryStaysFlat() throws IOException {
    assumeThat(Files.exists(Path.of("/proc/self/statm"))).as("this system has /proc").isTrue();
    Image image = image(120, 160);
    Averaging averaging = Averaging.MULTI_SCALE.withFlip(true).withWindow(SlidingWindow.of(129));
    try (Predictor predictor = predictor(33, averaging)) {
      predictions(predictor, image, 70); // until the Java heap has been collected and has its size
      long before = residentKilobytes();
      predictions(predictor, image, 20);
      long growth = residentKilobytes() - before;
      System.out.println("resident memory grew by " + growth + " kB in 20 predictions");
      assertThat(growth).isLessThan(16 * 1024);
    }
  }

  private static void predictions(Predictor predictor, Image image, int count) {
    for (int i = 0; i < count; i++) {
      predictor.predict(image);
    }
  }

  private static long residentKilobytes() throws IOException {
    String pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
    return Long.parseLong(pages) * 4;
  }
}
