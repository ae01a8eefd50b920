package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where views lie, without a model. */
class ViewsTest {
  private static Views views(int crop, Averaging averaging, boolean alignCorners) {
    PredictorOptions options =
        new PredictorOptions(Path.of("none"), 8, crop, averaging, Device.CPU, 1, Precision.FLOAT32);
    return new Views(options, alignCorners);
  }

  @Test
  void theSizesOfTheAuthors() {
    assertThat(Averaging.MULTI_SCALE.scales().stream().map(scale -> Views.scaled(513, scale)))
        .containsExactly(257, 385, 513, 641, 769, 897);
    assertThat(Views.scaled(500, 0.5)).isEqualTo(250);
    assertThat(Views.scaled(1, 0.01)).isEqualTo(1);
    assertThat(Views.scaled(1, 16)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anImageAsItIsIsItself(boolean alignCorners) {
    List<View> views = views(9, Averaging.NONE, alignCorners).of(5, 12);
    assertThat(views).hasSize(1);
    Span rows = views.get(0).rows();
    assertThat(rows.lower()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(rows.share()).containsOnly(0f);
    assertThat(rows.positions()).containsExactly(0, 1, 2, 3, 4);
    assertThat(rows.weights()).containsOnly(1f);
    assertThat(views.get(0).columns().lower()).hasSize(12);
  }

  @Test
  void alignedCornersStayWhereTheyAre() {
    Span span = views(1, Averaging.NONE, true).spans(5, 0.5).get(0);
    assertThat(span.lower()).containsExactly(0, 2, 4);
    assertThat(span.share()).containsExactly(0, 0, 0);
    assertThat(span.positions()).containsExactly(0, 0.5f, 1, 1.5f, 2);
    span = views(1, Averaging.NONE, true).spans(3, 1.5).get(0); // 3 pixels to 4
    assertThat(span.lower()).containsExactly(0, 0, 1, 2);
    assertThat(span.share()).containsExactly(new float[] {0, 2 / 3f, 1 / 3f, 0}, within(1e-6f));
    assertThat(span.positions()).containsExactly(0, 1.5f, 3);
  }

  @Test
  void halfPixelCentresStayInsideTheImage() {
    Span span = views(1, Averaging.NONE, false).spans(3, 2).get(0); // 3 pixels to 5
    assertThat(span.lower()).containsExactly(0, 0, 1, 1, 2);
    assertThat(span.share()).containsExactly(new float[] {0, 0.4f, 0, 0.6f, 0}, within(1e-6f));
    assertThat(span.positions()).containsExactly(new float[] {1 / 3f, 2, 11 / 3f}, within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"1,1,0", "1,7,3", "20,7,0", "20,7,6", "20,30,10", "40,30,29", "33,16,5"})
  void theViewsOfAScaleShareEachPixel(int crop, int window, int overlap) {
    for (boolean alignCorners : new boolean[] {true, false}) {
      for (double scale : List.of(0.3, 0.5, 1.0, 1.37, 3.0)) {
        Averaging averaging =
            new Averaging(List.of(scale), false, new SlidingWindow(window, overlap));
        Views views = views(crop, averaging, alignCorners);
        for (int height : new int[] {1, 2, 19, 20, 51}) {
          check(views.of(height, 23), height, 23, window);
        }
      }
    }
  }

  private static void check(List<View> views, int height, int width, int window) {
    double[][] sum = new double[height][width];
    int top = 0;
    for (View view : views) {
      Span rows = view.rows();
      Span columns = view.columns();
      assertThat(rows.begin()).as("views from above").isGreaterThanOrEqualTo(top);
      top = rows.begin();
      assertThat(rows.lower().length).isLessThanOrEqualTo(window);
      for (float position : rows.positions()) {
        assertThat(position).isBetween(-0.5f, rows.lower().length - 0.5f);
      }
      for (int y = rows.begin(); y < rows.end(); y++) {
        for (int x = columns.begin(); x < columns.end(); x++) {
          sum[y][x] += rows.weights()[y - rows.begin()] * columns.weights()[x - columns.begin()];
        }
      }
    }
    for (double[] row : sum) {
      assertThat(row).containsExactly(filled(width), within(1e-6));
    }
  }

  private static double[] filled(int length) {
    double[] ones = new double[length];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  @Test
  void aViewSeesWhatItLabels() {
    Averaging averaging = new Averaging(List.of(1.3), false, new SlidingWindow(11, 4));
    for (boolean alignCorners : new boolean[] {true, false}) {
      for (Span span : views(1, averaging, alignCorners).spans(40, 1.3)) {
        for (int i = 0; i < span.positions().length; i++) {
          // Interpolating the view's own pixels at the position leads back to the pixel.
          float position = Math.max(0, Math.min(span.lower().length - 1, span.positions()[i]));
          int at = Math.min((int) position, span.lower().length - 2);
          double before = span.lower()[at] + span.share()[at];
          double after = span.lower()[at + 1] + span.share()[at + 1];
          assertThat(before + (position - at) * (after - before))
              .isCloseTo(span.begin() + i, within(0.5));
        }
      }
    }
  }

  @Test
  void paddingIsNotLookedAtInVain() {
    Averaging averaging = new Averaging(List.of(4.0), false, new SlidingWindow(16, 0));
    Views views = views(16, averaging, true); // 4 pixels are padded to 16, then resized to 61
    assertThat(views.spans(4, 4.0)).hasSize(1);
    assertThat(views.spans(16, 4.0)).hasSize(4);
  }

  @Test
  void aSmallWindowNeedsNoLargerCrop() {
    Averaging averaging = Averaging.NONE.withWindow(new SlidingWindow(16, 0));
    assertThat(views(513, averaging, true).spans(4, 1.0).get(0).lower()).hasSize(16);
  }
}
