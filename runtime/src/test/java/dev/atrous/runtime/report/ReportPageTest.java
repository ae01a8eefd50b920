package dev.atrous.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.metric.ConfusionMatrix;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Pages of figures that are known, read as XML. */
class ReportPageTest {
  private static final XPath PATHS = XPathFactory.newInstance().newXPath();
  private static final ReportClasses CLASSES =
      new ReportClasses(List.of("a & b", "<i>c</i>", "never"), ClassColors.VOC);

  private final ReportPage page = new ReportPage("A <title>", "of a & b");

  private Document parsed() throws Exception {
    String html = page.html("the end");
    assertThat(html).doesNotContain("NaN", "Infinity");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<String> texts(Document page, String path) throws Exception {
    NodeList nodes = (NodeList) PATHS.evaluate(path, page, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    IntStream.range(0, values.length).forEach(i -> bytes[i] = (byte) values[i]);
    return bytes;
  }

  /** Truth 0: six pixels, of which two are taken for 1. Truth 1: two, both found. */
  private static ConfusionMatrix byHand() {
    ConfusionMatrix confusion = new ConfusionMatrix(3);
    confusion.add(bytes(0, 0, 0, 0, 0, 0, 1, 1, 255), bytes(0, 0, 0, 0, 1, 1, 1, 1, 2));
    return confusion;
  }

  @Test
  void hasTheFiguresOfAnEvaluation() throws Exception {
    page.confusion(byHand(), CLASSES);
    Document parsed = parsed();
    String classes = "//table[@class='classes']/tbody";
    assertThat(texts(parsed, classes + "/tr[1]/*"))
        .containsExactly(
            "0 a & b", "66.67%", "", "75.00%", "66.67%", "100.00%", "1 <i>c</i>, 33.33%");
    assertThat(texts(parsed, classes + "/tr[2]/*"))
        .containsExactly("1 <i>c</i>", "50.00%", "", "25.00%", "100.00%", "50.00%", "");
    assertThat(texts(parsed, classes + "/tr[3]/*"))
        .containsExactly("2 never", "–", "", "0.00%", "–", "–", "");
    assertThat(texts(parsed, "//table[@class='classes']/tfoot/tr/*[position() < 3]"))
        .containsExactly("mean (mIoU)", "58.33%");
    assertThat(texts(parsed, classes + "//*[@class='bar']/i/@style"))
        .containsExactly("width:66.67%", "width:50.00%");
    String cells = "//table[@class='confusion']/tbody/tr/td";
    assertThat(texts(parsed, cells))
        .containsExactly("66.7", "33.3", "", "", "100.0", "", "", "", "");
    assertThat(texts(parsed, cells + "/@title"))
        .containsExactly(
            "0 a & b taken for 0 a & b: 4 pixels",
            "0 a & b taken for 1 <i>c</i>: 2 pixels",
            "1 <i>c</i> taken for 1 <i>c</i>: 2 pixels");
    assertThat(texts(parsed, "//h1")).containsExactly("A <title>");
  }

  @Test
  void manyClassesHaveAPictureOfTheirConfusions() throws Exception {
    ConfusionMatrix confusion = new ConfusionMatrix(255);
    byte[] truth = new byte[255];
    byte[] prediction = new byte[255];
    for (int label = 0; label < 255; label++) {
      truth[label] = (byte) label;
      prediction[label] = (byte) (label == 7 ? 9 : label);
    }
    confusion.add(truth, prediction); // the label 255 is not among them
    page.confusion(confusion, new ReportClasses(List.of(), ClassColors.VOC));
    Document parsed = parsed();
    assertThat(texts(parsed, "//table[@class='confusion']")).isEmpty();
    assertThat(texts(parsed, "//*[local-name()='image']/@href").get(0))
        .startsWith("data:image/png;base64,");
    assertThat(texts(parsed, "//table[@class='confusions']/tbody/tr/*"))
        .containsExactly("7", "9", "1", "100.00%");
    assertThat(texts(parsed, "//table[@class='classes']/tbody/tr")).hasSize(255);
  }

  @Test
  void nothingMeasuredHasDashes() throws Exception {
    page.confusion(new ConfusionMatrix(1), new ReportClasses(List.of(), ClassColors.VOC));
    page.images(List.of(), CLASSES);
    page.curves(TrainingCurves.NONE);
    Document parsed = parsed();
    assertThat(texts(parsed, "//table[@class='classes']/tbody/tr/*"))
        .containsExactly("0", "–", "", "–", "–", "–", "");
    assertThat(texts(parsed, "//h2")).containsExactly("Classes", "Confusion matrix");
  }

  private static TrainingCurves rows(int count) {
    return new TrainingCurves(
        IntStream.rangeClosed(1, count)
            .mapToObj(i -> new TrainingCurves.Row(i, i % 2, 0.1, 5))
            .toList(),
        List.of());
  }

  @Test
  void aSingleRowIsAPoint() throws Exception {
    page.curves(rows(1));
    Document parsed = parsed();
    assertThat(texts(parsed, "//*[local-name()='circle']/*"))
        .containsExactly("step 1: 1", "step 1: 0.1");
    assertThat(texts(parsed, "//*[contains(@class, 'curve ')]")).isEmpty();
  }

  /** Of 1000 rows, each two are drawn as their mean of 0.5, in a band from 0 to 1. */
  @Test
  void manyRowsAreThinned() throws Exception {
    assertThat(CurvesChart.points(rows(1000).rows(), TrainingCurves.Row::loss))
        .hasSize(500)
        .startsWith(new CurvesChart.Point(1.5, 0.5, 0, 1))
        .endsWith(new CurvesChart.Point(999.5, 0.5, 0, 1));
    assertThat(CurvesChart.points(rows(499).rows(), TrainingCurves.Row::loss)).hasSize(499);
    page.curves(rows(100_000));
    Document parsed = parsed();
    assertThat(texts(parsed, "//*[@class='band one']")).hasSize(1);
    assertThat(page.html("").length()).isLessThan(60_000);
  }

  @Test
  void whatIsNoNumberIsNotDrawn() throws Exception {
    double none = Double.NaN;
    page.curves(
        new TrainingCurves(
            List.of(new TrainingCurves.Row(1, none, none, none)),
            List.of(new TrainingCurves.Validation(1, none, none, List.of(none)))));
    page.classes(new TrainingCurves.Validation(1, none, none, List.of(none)), CLASSES);
    assertThat(texts(parsed(), "//table[@class='classes']/tbody/tr/*"))
        .containsExactly("0 a & b", "–", "");
  }

  @Test
  void validationsAreCurvesToo() throws Exception {
    page.curves(
        new TrainingCurves(
            rows(4).rows(),
            List.of(
                new TrainingCurves.Validation(2, 0.5, 0.25, List.of(0.25)),
                new TrainingCurves.Validation(4, 0.25, 0.75, List.of(0.75)))));
    Document parsed = parsed();
    assertThat(texts(parsed, "//*[@class='point two']/*"))
        .containsExactly("step 2: 0.5", "step 4: 0.25", "step 2: 25", "step 4: 75");
    assertThat(texts(parsed, "//*[@class='legend']/li")).containsExactly("training", "validation");
  }

  @Test
  void showsLargeImagesOfManyBandsSmall() throws Exception {
    byte[] labels = new byte[3000 * 300];
    labels[0] = (byte) 255;
    Image image = new Image(3000, 300, 5, new byte[5 * 3000 * 300]);
    LabelMap map = new LabelMap(3000, 300, labels);
    ImageRanking.Choice choice =
        new ImageRanking.Choice(ImageRanking.Kind.WORST, new ImageRanking.Score(0, 0.5, 0.123456));
    page.images(List.of(ShownImage.of(choice, "<x>", new LabelledImage(image, map), map)), CLASSES);
    Document parsed = parsed();
    assertThat(texts(parsed, "//img/@width")).containsExactly("320", "320", "320", "320");
    assertThat(texts(parsed, "//img/@height")).containsExactly("32", "32", "32", "32");
    assertThat(texts(parsed, "//figure/figcaption/span"))
        .containsExactly("<x>", "mIoU 50.00%, pixel accuracy 12.35%");
    assertThat(texts(parsed, "//h3")).containsExactly("Worst");
    assertThat(page.html("").length()).isLessThan(60_000);
  }

  @Test
  void needsNothingElse() {
    page.confusion(byHand(), CLASSES);
    page.curves(rows(3));
    page.facts("Facts", List.of(new Fact("label", "value")));
    assertThat(page.html("").replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "@import", "<script");
  }

  @Test
  void scalesAreRound() {
    assertThat(Scale.upTo(2500, 10)).isEqualTo(new Scale(2500, 500));
    assertThat(Scale.upTo(0.12, 2).ticks()).containsExactly(0.0, 0.1, 0.2);
    assertThat(Scale.upTo(0, 5).end()).isPositive();
    assertThat(Scale.text(0.1 + 0.2)).isEqualTo("0.3");
    assertThat(Scale.text(30_000)).isEqualTo("30000");
  }
}
