package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor must not be felt, not even in a virtual machine that has just started. */
@Tag("slow")
final class SpeedTest {
  private static final int RUNS = 3;
  private static final Pattern NOTE = Pattern.compile(TimedProcessor.NOTE + "(\\d+)");

  @Test
  void resNet101TakesLessThanASecond(@TempDir Path directory) throws Exception {
    Path spec = directory.resolve("Spec.java");
    Files.writeString(
        spec,
        """
        import dev.atrous.annotation.*;
        @SegmentationModel(classes = 21, crop = 513)
        @Backbone(ResNet.RESNET_101)
        @AtrousCascade(multiGrid = {1, 2, 4})
        @ASPP(rates = {6, 12, 18})
        interface Spec {}
        """);
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      fastest = Math.min(fastest, milliseconds(spec));
    }
    assertThat(directory.resolve("SpecTrainingStep.java")).isNotEmptyFile();
    assertThat(fastest).isBetween(1L, 1000L);
  }

  /** Runs javac in a process of its own. */
  private static long milliseconds(Path spec) throws IOException, InterruptedException {
    Process javac =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                    "-proc:only",
                    "-processor",
                    TimedProcessor.class.getName(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    spec.resolveSibling("").toString(),
                    spec.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(javac.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(javac.waitFor()).as(output).isZero();
    Matcher note = NOTE.matcher(output);
    assertThat(note.find()).as(output).isTrue();
    return Long.parseLong(note.group(1));
  }
}
