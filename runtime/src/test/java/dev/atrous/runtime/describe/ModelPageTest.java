package dev.atrous.runtime.describe;

import static dev.atrous.runtime.describe.SmallDescription.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The page of a small model, read as XML. */
final class ModelPageTest {
  private static final XPath PATHS = XPathFactory.newInstance().newXPath();

  private static Document parsed(ModelDescription model) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(ModelPage.of(model))));
  }

  private static List<String> texts(Document page, String path) throws Exception {
    NodeList nodes = (NodeList) PATHS.evaluate(path, page, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  private static ModelDescription with(LayerDescription... layers) {
    return SmallDescription.of("Other", List.of(layers));
  }

  @Test
  void theTableHasEveryLayerInItsPart() throws Exception {
    Document page = parsed(SmallDescription.MODEL);
    assertThat(texts(page, "//table[@class='layers']//th[@scope='rowgroup']/span[1]"))
        .containsExactly(
            "stem", "block1", "block3", "block4", "aspp", "head", "auxiliary", "total");
    assertThat(texts(page, "//table[@class='layers']/tbody[4]/tr[3]/*"))
        .containsExactly(
            "unit2",
            "conv1",
            "3 × 3",
            "1",
            "2",
            "4",
            "5 × 5",
            "5 × 5 × 32",
            "1,698",
            "1.698 G",
            "21.8%",
            "1.6 MiB");
  }

  @Test
  void theSpecSaysWhereItsValuesComeFrom() throws Exception {
    Document page = parsed(SmallDescription.MODEL);
    assertThat(texts(page, "//dl[@class='facts']/dd"))
        .contains(
            "from Base:\n@SegmentationModel(classes = 3)\n@Training(batchSize = 4, steps = 20)",
            "from Other.Pyramid:\n@ASPP(rates = {6, 12})",
            "@Training(power = 0.9)");
  }

  @Test
  void theDiagramHasEveryRate() throws Exception {
    Document page = parsed(SmallDescription.MODEL);
    String backbone = "//*[@class='backbone']//*[contains(@class, 'rate')]";
    assertThat(texts(page, backbone)).containsExactly("2", "2", "4");
    assertThat(texts(page, "//*[@class='pyramid']//*[local-name()='text']"))
        .contains("rate 6", "pointwise", "image pooling", "concatenation", "projection");
    assertThat(texts(page, "//*[@class='head']//*[contains(@class, 'op middle')]"))
        .contains("scores", "interpolation");
    assertThat(texts(page, "//*[local-name()='svg']//*[. = 'auxiliary head, in training']"))
        .hasSize(1);
  }

  @Test
  void theChartMarksTheRatesOfTheModel() throws Exception {
    Document page = parsed(SmallDescription.MODEL);
    assertThat(texts(page, "//*[@class='mark']/*[local-name()='text']"))
        .containsExactly("2 block3, block4", "4 block4", "6 aspp →");
    assertThat(texts(page, "//table[@class='values']/tbody/tr[2]/*"))
        .containsExactly("4", "block4 unit 2", "0.0%", "16.0%", "36.0%", "48.0%", "21.8%");
  }

  @Test
  void aPyramidWithoutProjectionIsSummed() throws Exception {
    Document page =
        parsed(
            with(
                layer("block4/unit1/conv1", 3, 1, 2, 2, 5, 5, 32),
                layer("aspp/branch1/conv", 3, 1, 6, 6, 5, 5, 4),
                layer("aspp/branch1/scores", 1, 1, 1, 1, 5, 5, 3),
                layer("aspp/branch2/conv", 3, 1, 12, 12, 5, 5, 4),
                layer("aspp/branch2/scores", 1, 1, 1, 1, 5, 5, 3)));
    assertThat(texts(page, "//*[@class='pyramid']//*[local-name()='text']"))
        .contains("rate 6", "rate 12", "sum")
        .doesNotContain("concatenation", "projection");
    assertThat(texts(page, "//*[@class='pyramid']//*[. = 'scores']")).hasSize(2);
  }

  @Test
  void aModelMayHaveNoAtrousConvolution() throws Exception {
    Document page = parsed(with(layer("logits", 1, 1, 1, 1, 33, 33, 3)));
    assertThat(texts(page, "//*[@class='mark']")).isEmpty();
    assertThat(texts(page, "//p")).anyMatch(text -> text.contains("All convolutions"));
  }

  @Test
  void aMapMayHaveOnePosition() throws Exception {
    Document page = parsed(with(layer("block4/unit1/conv1", 3, 1, 2, 2, 1, 1, 8)));
    assertThat(texts(page, "//*[@class='mark']/*[local-name()='text']"))
        .containsExactly("2 block4 →");
    assertThat(texts(page, "//table[@class='values']/tbody/tr/td[4]")).containsExactly("100.0%");
    assertThat(ModelPage.of(with(layer("block4/unit1/conv1", 3, 1, 2, 2, 1, 1, 8))))
        .doesNotContain("NaN", "Infinity");
  }

  @Test
  void stridedAtrousConvolutionsAreNotPassedOver() throws Exception {
    Document page = parsed(with(layer("block4/unit1/conv1", 3, 2, 1, 2, 9, 5, 8)));
    assertThat(texts(page, "//p")).anyMatch(text -> text.startsWith("Not shown: 1 with a stride"));
  }

  @Test
  void whatIsSpecialInHtmlIsText() throws Exception {
    String name = "<script>alert('&amp;')</script> \"x\"";
    ModelDescription model = SmallDescription.named(name);
    Document page = parsed(model);
    assertThat(texts(page, "//h1")).containsExactly(name);
    assertThat(texts(page, "//script")).isEmpty();
  }

  @Test
  void thePageNeedsNothingElse() {
    String page = ModelPage.of(SmallDescription.MODEL);
    assertThat(page.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "src=", "href=", "@import", "<script");
    assertThat(page).isEqualTo(ModelPage.of(SmallDescription.named("Small")));
  }
}
