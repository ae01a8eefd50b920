package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelRulesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  private Path file() {
    return folder.resolve("mask.png");
  }

  private LabelMap mask(LabelRules rules) {
    return new MaskFile(file()).read(rules, stored -> {});
  }

  private byte[] labels(LabelRules rules) {
    return mask(rules).labels();
  }

  private AbstractThrowableAssert<?, ?> refused(LabelRules rules) {
    return assertThatThrownBy(() -> labels(rules)).isInstanceOf(UnusableFile.class);
  }

  private static LabelRules rules(int classes, String... lines) {
    return LabelRules.parse("my rules", String.join("\n", lines), classes);
  }

  /** Writes one row. */
  private void grey(int type, int... values) throws IOException {
    BufferedImage image = new BufferedImage(values.length, 1, type);
    image.getRaster().setPixels(0, 0, values.length, 1, values);
    ImageIO.write(image, "png", file().toFile());
  }

  private void bytes(int... values) throws IOException {
    grey(BufferedImage.TYPE_BYTE_GRAY, values);
  }

  private void colors(int... values) throws IOException {
    BufferedImage image = new BufferedImage(values.length, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, values.length, 1, values, 0, values.length);
    ImageIO.write(image, "png", file().toFile());
  }

  private void palette(int[] colors, int... indices) throws IOException {
    IndexColorModel model =
        new IndexColorModel(8, colors.length, colors, 0, false, -1, DataBuffer.TYPE_BYTE);
    BufferedImage image =
        new BufferedImage(indices.length, 1, BufferedImage.TYPE_BYTE_INDEXED, model);
    image.getRaster().setPixels(0, 0, indices.length, 1, indices);
    ImageIO.write(image, "png", file().toFile());
  }

  @Test
  void numbersAreClasses() throws IOException {
    bytes(0, 2, 255, 1);
    assertThat(labels(LabelRules.numbers(3))).containsExactly(0, 2, -1, 1);
  }

  @Test
  void otherIgnoreValuesAndMergedAndDroppedClasses() throws IOException {
    bytes(0, 1, 2, 3, 7, 9, 200);
    LabelRules rules =
        rules(3, "0 = 0", "1, 3 = 1 vehicle", "2 = ignore", "7-9 = 2", "200 = ignore");
    assertThat(labels(rules)).containsExactly(0, 1, -1, 1, 2, 2, -1);
  }

  @Test
  void zeroMeansNothing() throws IOException {
    bytes(0, 1, 3, 255);
    assertThat(labels(LabelRules.read("from-one", 3, List.of()))).containsExactly(-1, 0, 2, -1);
  }

  @Test
  void twoClassesAsBlackAndWhite() throws IOException {
    bytes(0, 255, 255);
    assertThat(labels(LabelRules.read("binary", 2, List.of()))).containsExactly(0, 1, 1);
  }

  @Test
  void valuesOfSixteenBits() throws IOException {
    grey(BufferedImage.TYPE_USHORT_GRAY, 0, 1000, 26_000, 65_535);
    LabelRules rules = rules(3, "0 = 0", "1000-1999 = 1", "26000 = 2", "65535 = ignore");
    assertThat(labels(rules)).containsExactly(0, 1, 2, -1);
    refused(rules(2, "0 = 0", "1000 = 1", "65535 = ignore"))
        .hasMessageContainingAll("values without a rule: 26000;", "x=2, y=0, 1 of 4 pixels");
  }

  @Test
  void colorsByTheUsersTable() throws IOException {
    colors(0x804080, 0, 0x010203, 0x804080);
    LabelRules rules = rules(2, "#804080 = 1 road", "#000000 = 0", "#010203 = ignore");
    assertThat(labels(rules)).containsExactly(1, 0, -1, 1);
  }

  @Test
  void colorsOfThePalette() throws IOException {
    palette(new int[] {0x0000ff, 0x804080, 0}, 0, 1, 2, 1);
    assertThat(labels(rules(2, "#804080 = 1", "#000000 = 0", "other = ignore")))
        .containsExactly(-1, 1, 0, 1);
    assertThat(labels(rules(3, "0-2 = 0-2"))).containsExactly(0, 1, 2, 1); // the indices
  }

  @Test
  void greyPixelsAreColorsToo() throws IOException {
    bytes(0, 128);
    assertThat(labels(rules(2, "#000000 = 0", "#808080 = 1"))).containsExactly(0, 1);
  }

  @Test
  void knownColors() throws IOException {
    colors(0x800000, 0, 0xe0e0c0, 0x008000);
    assertThat(labels(LabelRules.read("voc-colors", 21, List.of()))).containsExactly(1, 0, -1, 2);
    colors(0x804080, 0, 0x00008e, 0x770b20);
    assertThat(labels(LabelRules.read("cityscapes-colors", 19, List.of())))
        .containsExactly(0, -1, 13, 18);
  }

  @Test
  void cityscapesHasNineteenClassesWithNames() throws IOException {
    bytes(0, 7, 8, 11, 21, 24, 26, 33, 29, 3);
    LabelRules rules = LabelRules.read("cityscapes", 19, List.of());
    assertThat(labels(rules)).containsExactly(-1, 0, 1, 2, 8, 11, 13, 18, -1, -1);
    assertThat(rules.classNames()).hasSize(19).startsWith("road").endsWith("bicycle");
    assertThat(IntStream.range(0, 34).map(rules::label).filter(label -> label >= 0 && label < 19))
        .containsExactlyElementsOf(IntStream.range(0, 19).boxed().toList());
  }

  @Test
  void namesAreThoseOfTheSpecOrCountFromZero() {
    List<String> names = List.of("background", "cat", "dog");
    assertThat(file("1 = cat", "2 = dog", "0 = background", 3, names).label(2)).isEqualTo(2);
    LabelRules own = file("5 = sky", "6 = tree", "9 = sky", 2, List.of());
    assertThat(List.of(own.label(5), own.label(6), own.label(9))).containsExactly(0, 1, 0);
    assertThat(own.classNames()).containsExactly("sky", "tree");
    assertThatThrownBy(() -> file("1 = cow", "", "", 3, names))
        .hasMessageContainingAll("line 1 '1 = cow'", "no class 'cow'", "background, cat, dog");
    assertThatThrownBy(() -> file("1 = 0 road", "2 = car", "", 3, List.of()))
        .hasMessageContainingAll("line 2 '2 = car'", "write one before 'car'");
    assertThatThrownBy(() -> file("2 = car", "1 = 0", "", 3, List.of()))
        .hasMessageContainingAll("line 2 '1 = 0'", "write numbers before all");
  }

  private LabelRules file(
      String one, String two, String three, int classes, List<String> classNames) {
    Path file = folder.resolve("rules.txt");
    try {
      Files.writeString(file, String.join("\n", one, two, three));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return LabelRules.read(file.toString(), classes, classNames);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "7 road; has no '='",
        "a = 1; 'a' is no value",
        "7 =; does not say what",
        "3 = 3; none is 3",
        "1-3 = 0-3; must be as many",
        "5-3 = 1; 5 is more than 3",
        "70000 = 1; 70000 is more than 65535",
        "#12345 = 1; no rule",
        "#123456 = 1 / 5 = 1; some for colours",
        "1 = 1 / 1 = 2; 1 has a rule already, by which it is class 1",
        "1 = ignore / 1 = 2; by which it is ignored",
        "other = 1 / other = 2; for all others already",
      })
  void whatIsNoRuleIsNamed(String lines, String problem) {
    assertThatThrownBy(() -> rules(3, lines.replace(" / ", "\n")))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("my rules", problem);
  }

  @Test
  void commentsEmptyLinesAndByteOrderMarksSayNothing() {
    LabelRules rules = rules(2, "\uFEFF# classes", "", "  0 = 0  ", "#", "# 1 = 0", "1=1");
    assertThat(rules.text()).isEqualTo("0 = 0\n1 = 1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"numbers", "from-one", "binary", "voc-colors", "cityscapes"})
  void rulesAreReadAgainFromTheirText(String name) {
    LabelRules rules = LabelRules.read(name, 19, List.of());
    LabelRules again = LabelRules.parse("again", rules.text(), 19);
    assertThat(again.text()).isEqualTo(rules.text());
    assertThat(again.classNames()).isEqualTo(rules.classNames());
  }

  @Test
  void valuesWithoutARuleAreNamedWithPlaceCountAndRule() throws IOException {
    bytes(0, 5, 5, 9);
    refused(rules(2, "0 = 0", "1 = 1"))
        .hasMessageContainingAll(
            "mask.png has values without a rule: 5, 9;",
            "the first at x=1, y=0, 3 of 4 pixels in all",
            "'5 = 0', '9 = ignore'",
            "rules (my rules)",
            "'other = ignore'");
    colors(0x010203, 0x804080);
    refused(rules(2, "#804080 = 1"))
        .hasMessageContainingAll("colours without a rule: #010203;", "x=0, y=0, 1 of 2 pixels");
  }

  @Test
  void colorsNeedRules() throws IOException {
    colors(0x804080, 0x804080, 0x00ff00);
    refused(LabelRules.numbers(21))
        .hasMessageContainingAll(
            "has 2 colours in place of class numbers: #804080, #00ff00",
            "'#804080 = 0'",
            "--labels voc-colors");
  }

  @Test
  void rulesThatDoNotExistAreNamed() {
    assertThatThrownBy(() -> LabelRules.read("cityscape", 19, List.of()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll("cityscape", "voc-colors, cityscapes, cityscapes-colors");
    assertThatThrownBy(() -> rules(2, "# nothing")).hasMessageContaining("has no rule");
  }

  @Test
  void masksAreWrittenInTheUsersValuesAndColors() throws IOException {
    LabelMap map = new LabelMap(4, 1, new byte[] {0, 1, 2, 1});
    for (LabelRules rules :
        List.of(
            rules(3, "3, 10 = 0", "20 = 1", "250 = 2"),
            rules(3, "3 = 0", "2000 = 1", "250 = 2"),
            rules(3, "#0000ff = 0", "#ff0000 = 1", "#102030 = 2"))) {
      map.write(file(), rules.values());
      assertThat(labels(rules)).containsExactly(0, 1, 2, 1);
    }
    assertThat(ImageIO.read(file().toFile()).getRGB(2, 0)).isEqualTo(0xff102030);
    map.write(file(), rules(3, "3, 10 = 0", "20 = 1", "250 = 2").values());
    assertThat(labels(rules(255, "0-254 = 0-254"))).containsExactly(3, 20, 250, 20);
    assertThatThrownBy(() -> map.write(file(), rules(3, "0-1 = 0-1").values()))
        .hasMessageContaining("none means class 2");
  }
}
