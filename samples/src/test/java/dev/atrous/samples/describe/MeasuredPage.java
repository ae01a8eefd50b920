package dev.atrous.samples.describe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a script that is added to a page says of it in a browser.
 *
 * @param facts attributes of the script's report
 * @param problems those that it found, and what is on the console
 */
record MeasuredPage(String facts, List<String> problems) {
  /** Not deleted behind each test: browsers end a little later than they say. */
  private static final Path PAGES = Path.of("target", "pages");

  private static final Pattern REPORT =
      Pattern.compile("<pre id=\"report\"([^>]*)>(.*?)</pre>", Pattern.DOTALL);
  private static final Optional<Browser> BROWSER = Browser.find();

  /** Skips a test on a machine without a browser. */
  static void assumeABrowser() {
    assumeTrue(
        BROWSER.isPresent(), "no browser on the path: install Chromium to test pages in one");
  }

  /**
   * Opens a page.
   *
   * @param width of the window in pixels
   */
  static MeasuredPage of(String page, int width, boolean dark) throws Exception {
    Path folder = Files.createTempDirectory(Files.createDirectories(PAGES), "page");
    Path copy = folder.resolve("page.html");
    String script = "<script>" + script() + "</script>\n</body>";
    Files.writeString(copy, page.replace("</body>", script));
    Browser.Outcome outcome = BROWSER.orElseThrow().open(copy, folder, width, dark);
    Matcher report = REPORT.matcher(outcome.document());
    assertThat(report.find()).as("report in %s", outcome.document()).isTrue();
    Stream<String> problems = report.group(2).lines();
    Stream<String> console = outcome.console().stream().map(line -> "console: " + line);
    return new MeasuredPage(report.group(1), Stream.concat(problems, console).toList());
  }

  private static String script() throws IOException {
    try (InputStream in = MeasuredPage.class.getResourceAsStream("measure.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
