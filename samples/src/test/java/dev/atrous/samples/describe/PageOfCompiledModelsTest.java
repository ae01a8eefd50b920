package dev.atrous.samples.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.describe.LayerName;
import dev.atrous.runtime.describe.ModelPage;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.ValidWeights;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The numbers on the pages of compiled models against those that the compiler planned with. */
final class PageOfCompiledModelsTest {
  private static final double ROUNDING = 1e-6; // six digits are in the generated code
  private static final XPath PATHS = XPathFactory.newInstance().newXPath();

  static Stream<Named<ModelDescription>> models() {
    return Descriptions.all().map(Descriptions::named);
  }

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

  @ParameterizedTest
  @MethodSource("models")
  void theCurvesAreThePlannedShares(ModelDescription model) {
    List<LayerDescription> atrous =
        model.layers().stream().filter(l -> l.kernel() == 3 && l.stride() == 1).toList();
    assertThat(atrous).isNotEmpty();
    for (LayerDescription layer : atrous) {
      assertThat(new ValidWeights(layer.inputHeight(), layer.inputWidth(), layer.rate()).share())
          .as(layer.name())
          .isCloseTo(layer.validShare(), within(ROUNDING));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyLayerIsInTheTable(ModelDescription model) throws Exception {
    List<String> cells = texts(parsed(model), "//table[@class='layers']/tbody/tr[not(@class)]/*");
    List<String> expected = new ArrayList<>();
    for (LayerDescription layer : model.layers()) {
      LayerName name = LayerName.of(layer);
      expected.addAll(
          List.of(
              name.unit(),
              name.layer(),
              layer.kernel() + " × " + layer.kernel(),
              "" + layer.stride(),
              "" + layer.baseRate(),
              "" + layer.rate(),
              layer.inputHeight() + " × " + layer.inputWidth(),
              layer.height() + " × " + layer.width() + " × " + layer.channels(),
              String.format(Locale.ROOT, "%,d", layer.parameters()),
              String.format(Locale.ROOT, "%.3f G", layer.multiplyAdds() / 1e9),
              String.format(Locale.ROOT, "%.1f%%", layer.validShare() * 100),
              String.format(Locale.ROOT, "%,.1f MiB", layer.activationBytes() / 1048576.0)));
    }
    assertThat(cells).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyRateIsInTheDrawings(ModelDescription model) throws Exception {
    Document page = parsed(model);
    TreeSet<String> planned = new TreeSet<>();
    TreeSet<String> marked = new TreeSet<>();
    for (LayerDescription layer : model.layers()) {
      if (layer.rate() > 1 && layer.stride() == 1) {
        planned.add(layer.rate() + " " + LayerName.of(layer).part());
      }
    }
    for (String mark : texts(page, "//*[@class='mark']/*[local-name()='text']")) {
      String rate = mark.substring(0, mark.indexOf(' '));
      for (String part : mark.substring(rate.length()).replace("→", "").split(",", -1)) {
        marked.add(rate + " " + part.strip());
      }
    }
    assertThat(marked).isEqualTo(planned);
    List<String> blocks = texts(page, "//*[@class='run']/*[local-name()='title']");
    List<String> branches = texts(page, "//*[@class='pyramid']//*[starts-with(., 'rate ')]");
    for (String rate : planned) {
      String number = rate.substring(0, rate.indexOf(' '));
      String part = rate.substring(rate.indexOf(' ') + 1);
      if (part.equals("aspp")) {
        assertThat(branches).anyMatch(text -> text.startsWith("rate " + number));
      } else {
        assertThat(blocks).anyMatch(t -> t.startsWith(part) && t.endsWith("rate " + number));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void memoryIsTheSumOfItsParts(ModelDescription model) throws Exception {
    long fixed = model.parameterBytes() + model.momentumBytes();
    assertThat(texts(parsed(model), "//table[@class='memory']/tfoot//td"))
        .containsExactly(
            memory(fixed, model, LayerDescription::activationBytes),
            memory(fixed, model, LayerDescription::bfloat16ActivationBytes));
  }

  private static String memory(
      long fixed, ModelDescription model, ToLongFunction<LayerDescription> activations) {
    long total = fixed + model.layers().stream().mapToLong(activations).sum();
    double gibibytes = total / 1073741824.0;
    return gibibytes < 1
        ? String.format(Locale.ROOT, "%,.1f MiB", total / 1048576.0)
        : String.format(Locale.ROOT, "%.2f GiB", gibibytes);
  }
}
