package dev.atrous.samples.describe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A browser of the machine, without a window. */
record Browser(Path program) {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long SECONDS = 90;

  /** What came of a page: the document after its scripts ran, and the browser's messages. */
  record Outcome(String document, List<String> console) {}

  /** The first one on the path; empty if there is none. */
  static Optional<Browser> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return NAMES.stream()
        .flatMap(
            name -> Arrays.stream(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Browser::new);
  }

  /**
   * Opens a page.
   *
   * @param folder a new one, for the browser's files; it may write there for a moment longer
   * @param width of the window in pixels
   */
  Outcome open(Path page, Path folder, int width, boolean dark)
      throws IOException, InterruptedException {
    Path document = folder.resolve("document.html");
    Path messages = folder.resolve("messages.txt");
    Process process =
        new ProcessBuilder(command(page, folder, width, dark))
            .redirectOutput(document.toFile())
            .redirectError(messages.toFile())
            .start();
    try {
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("%s ended", program).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    try (Stream<String> lines = Files.lines(messages)) {
      return new Outcome(
          Files.readString(document), lines.filter(line -> line.contains("CONSOLE")).toList());
    }
  }

  private List<String> command(Path page, Path folder, int width, boolean dark) {
    return List.of(
        program.toString(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--enable-logging=stderr",
        "--user-data-dir=" + folder.resolve("profile"),
        "--window-size=" + width + ",1000",
        "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
        "--dump-dom",
        page.toUri().toString());
  }
}
