package dev.atrous.samples.describe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.describe.ModelPage;
import dev.atrous.runtime.describe.NetworkPart;
import dev.atrous.runtime.model.ModelDescription;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The page in a browser, with a script added that measures it: drawings that can be seen, text in
 * its boxes and apart, contrast, nothing wider than the window, nothing on the console.
 */
final class PageInBrowserTest {
  private static final int LAPTOP = 1280;
  private static final int NARROW = 800;

  static Stream<Named<ModelDescription>> models() {
    return Descriptions.all().map(Descriptions::named);
  }

  /** Those with most to draw. */
  static Stream<Named<ModelDescription>> wide() {
    return models().filter(model -> !model.getName().matches("DeepLabV3|ShapesDeepLab"));
  }

  @BeforeEach
  void aBrowserIsNeeded() {
    MeasuredPage.assumeABrowser();
  }

  @ParameterizedTest
  @MethodSource("models")
  void isInOrder(ModelDescription model) throws Exception {
    MeasuredPage report = MeasuredPage.of(ModelPage.of(model), LAPTOP, false);
    assertThat(report.problems()).isEmpty();
    int rows = model.layers().size() + NetworkPart.of(model.layers()).size();
    assertThat(report.facts())
        .contains("data-width=\"1280\"", "data-paper=\"rgb(255, 255, 255)\"")
        .contains("data-rows=\"" + rows + "\"");
  }

  @ParameterizedTest
  @MethodSource("wide")
  void isInOrderWhenNarrowAndDarkAndInWideType(ModelDescription model) throws Exception {
    String wide = "text { font-family: Verdana, 'DejaVu Sans', sans-serif; }\n</style>";
    String page = ModelPage.of(model).replace("</style>", wide);
    MeasuredPage report = MeasuredPage.of(page, NARROW, true);
    assertThat(report.problems()).isEmpty();
    assertThat(report.facts())
        .contains("data-width=\"800\"", "data-paper=\"rgb(20, 24, 29)\"")
        .doesNotContain("data-drawings=\"0\"");
  }

  /** What the script is there to find, it finds. */
  @Test
  void whatIsWrongIsFound() throws Exception {
    String page =
        ModelPage.of(Descriptions.all().findFirst().orElseThrow())
            .replace(">projection<", ">a projection of all branches<")
            .replace(">block3</text>", ">block3 is much too long for its column</text>")
            .replace("--muted: #586472", "--muted: #a0a0a0")
            .replace("</main>", "<div style='width:3000px'>x</div><img src='picture.png'/></main>")
            .replace("</main>", "<script>unknown()</script></main>");
    MeasuredPage report = MeasuredPage.of(page, LAPTOP, false);
    assertThat(report.problems())
        .anyMatch(problem -> problem.startsWith("outside of its box: \"a projection"))
        .anyMatch(problem -> problem.matches("overlap: .*block3 is much too long.*"))
        .anyMatch(problem -> problem.startsWith("low contrast: "))
        .anyMatch(problem -> problem.startsWith("wider than the window"))
        .anyMatch(problem -> problem.matches("not in the page itself: .*picture.png.*"))
        .anyMatch(problem -> problem.startsWith("console: ") && problem.contains("unknown"));
  }
}
