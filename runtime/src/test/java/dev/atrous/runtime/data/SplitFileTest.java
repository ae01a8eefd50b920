package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lines of a split may be, and which files they find. */
class SplitFileTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  @BeforeEach
  void folders() throws IOException {
    VocFolder.split(root, "train", List.of());
  }

  private void image(String name) throws IOException {
    touch("JPEGImages/" + name);
  }

  private void mask(String name) throws IOException {
    touch("SegmentationClass/" + name);
  }

  private void touch(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[0]);
  }

  private List<Sample> read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private List<Sample> read(byte[] text) throws IOException {
    Path list = root.resolve("ImageSets/Segmentation/train.txt");
    Files.write(list, text);
    return SplitFile.read(
        root,
        list,
        root.resolve("JPEGImages"),
        VocLayout.Masks.in(List.of(root.resolve("SegmentationClass"))));
  }

  private void refused(byte[] text, String... words) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("train.txt, line ")
        .hasMessageContainingAll(words);
  }

  private Sample only(String text) throws IOException {
    List<Sample> samples = read(text);
    assertThat(samples).hasSize(1);
    return samples.get(0);
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private void assertSample(String text, String id, String image, String mask) throws IOException {
    Sample sample = only(text);
    assertThat(sample.id()).isEqualTo(id);
    assertThat(relative(sample.image())).isEqualTo(image);
    assertThat(relative(sample.labels().file())).isEqualTo(mask);
  }

  @ParameterizedTest
  @CsvSource({
    "a.JPG, a.PNG",
    "a.Jpeg, a.png",
    "a.tif, a.TIFF",
    "a.BMP, a.bmp",
    "a.webp, a.gif",
    "a.png, a.png"
  })
  void suffixesAreTakenInAnyCase(String image, String mask) throws IOException {
    image(image);
    mask(mask);
    assertSample("a", "a", "JPEGImages/" + image, "SegmentationClass/" + mask);
    assertSample(image, "a", "JPEGImages/" + image, "SegmentationClass/" + mask);
    assertSample("a.jpg", "a", "JPEGImages/" + image, "SegmentationClass/" + mask);
  }

  @Test
  void hiddenFilesArePassedOver() throws IOException {
    image("._a.jpg");
    image(".a.jpg");
    image("a.png");
    mask("._a.png");
    assertSample("a", "a", "JPEGImages/a.png", "SegmentationClass/a.png");
  }

  @Test
  void amongSeveralTheUsualSuffixComesFirst() throws IOException {
    for (String suffix : List.of(".bmp", ".png", ".jpg")) {
      image("a" + suffix);
      mask("a" + suffix);
    }
    assertSample("a", "a", "JPEGImages/a.jpg", "SegmentationClass/a.png");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "city/a", "a.b", "2007,1", "ä", "[a]", "a.png"})
  void anIdMayBeAnyName(String id) throws IOException {
    assumeTrue(canName(id));
    image(id + ".jpg");
    mask(id + ".png");
    assertSample(id, id, "JPEGImages/" + id + ".jpg", "SegmentationClass/" + id + ".png");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/JPEGImages/a.jpg /SegmentationClass/m.png",
        "JPEGImages/a.jpg\tSegmentationClass/m.png",
        "JPEGImages/a.jpg,SegmentationClass/m.png",
        "JPEGImages/a.jpg; SegmentationClass/m.png",
        "a.jpg m.png"
      })
  void pairsOfPathsAreTaken(String line) throws IOException {
    image("a.jpg");
    mask("m.png");
    assertSample(line, "a", "JPEGImages/a.jpg", "SegmentationClass/m.png");
  }

  @Test
  void pairsMayLieInOtherFolders() throws IOException {
    touch("photos/a.jpg");
    touch("labels/a.png");
    assertSample("photos/a.jpg labels/a.png", "a", "photos/a.jpg", "labels/a.png");
    Sample absolute = only(root.resolve("photos/a.jpg") + " " + root.resolve("labels/a.png"));
    assertThat(relative(absolute.image())).isEqualTo("photos/a.jpg");
  }

  @Test
  void commentsAndEmptyLinesSayNothing() throws IOException {
    image("a.jpg");
    assertSample("# training\r\n\r\n  a  \r\n", "a", "JPEGImages/a.jpg", "SegmentationClass/a.png");
  }

  @Test
  void listsOfAClassAreExplainedWithTheirLine() throws IOException {
    image("2008_1.jpg");
    image("2008_2.jpg");
    refused(
        "# aeroplane\n2008_1  1\n2008_2 -1\n".getBytes(StandardCharsets.UTF_8),
        "line 2 is '2008_1  1'",
        "Lists of a class");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void utf16WithAByteOrderMarkIsRead(String charset) throws IOException {
    assumeTrue(canName("ä"));
    image("ä.jpg");
    image("b.jpg");
    assertThat(read("\uFEFFä\r\nb\r\n".getBytes(Charset.forName(charset))))
        .extracting(Sample::id)
        .containsExactly("ä", "b");
  }

  /** Whether the locale knows the characters. */
  private static boolean canName(String name) {
    return Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode(name);
  }

  @Test
  void otherEncodingsAreToldWithTheirLine() {
    refused("a\nb\nä\n".getBytes(StandardCharsets.ISO_8859_1), "line 3", "Latin-1", "iconv");
    refused("a\nb".getBytes(StandardCharsets.UTF_16LE), "line 1 has NUL", "UTF-16");
    refused(new byte[] {'a', '\n', 0}, "line 2 has NUL");
  }

  @Test
  void whatIsMissingHasTheUsualName() throws IOException {
    assertSample("a", "a", "JPEGImages/a.jpg", "SegmentationClass/a.png");
    assertSample("b.tif", "b", "JPEGImages/b.tif", "SegmentationClass/b.png");
    assertSample("no such", "no such", "JPEGImages/no such.jpg", "SegmentationClass/no such.png");
  }
}
