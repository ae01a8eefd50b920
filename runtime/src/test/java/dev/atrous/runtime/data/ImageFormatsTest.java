package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Image files of many kinds against what Pillow shows of them; see resources/images/make.py. */
class ImageFormatsTest {
  private static final int JPEG_NOISE = 3; // of decoders that round differently

  static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ImageFormatsTest.class.getResource("/images/" + name), name)
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> expected() throws IOException {
    return Files.readAllLines(resource("expected.txt")).stream();
  }

  @ParameterizedTest
  @MethodSource("expected")
  void isReadAsPillowShowsIt(String line) {
    String[] words = line.split(" ", -1);
    Image image = Image.read(resource(words[0]));
    assertThat(image.width()).isEqualTo(Integer.parseInt(words[1]));
    assertThat(image.height()).isEqualTo(Integer.parseInt(words[2]));
    int[] expected = Arrays.stream(words).skip(3).mapToInt(Integer::parseInt).toArray();
    int[] actual = new int[expected.length];
    for (int i = 0; i < actual.length; i++) {
      int x = (2 * (i / 3 % 4) + 1) * image.width() / 8;
      int y = (2 * (i / 12) + 1) * image.height() / 6;
      actual[i] = Byte.toUnsignedInt(image.values()[3 * (y * image.width() + x) + i % 3]);
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s: %s, not %s", words[0], Arrays.toString(actual), Arrays.toString(expected))
          .isLessThanOrEqualTo(JPEG_NOISE);
    }
  }
}
