package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor must not be felt: what it adds to a run of javac, in a new virtual machine. */
@Tag("slow")
final class SpeedTest {
  private static final int RUNS = 3;
  private static final double BUDGET_SECONDS = 2;

  @TempDir private Path directory = Path.of("");

  @Test
  void resNet101IsProcessedWithinTheBudget() throws IOException, InterruptedException {
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
    double with =
        fastest(spec, List.of("-proc:only", "-processor", ModelProcessor.class.getName()));
    double without = fastest(spec, List.of("-proc:none"));
    assertThat(directory.resolve("SpecTrainingStep.java")).isNotEmptyFile();
    System.out.printf(
        "javac with processor alone %.2f s, without %.2f s, processor %.2f s%n",
        with, without, with - without);
    assertThat(with - without).isLessThan(BUDGET_SECONDS);
  }

  /** Seconds of the fastest of several runs: the others were disturbed. */
  private double fastest(Path spec, List<String> options) throws IOException, InterruptedException {
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      fastest = Math.min(fastest, run(spec, options));
    }
    return fastest;
  }

  private double run(Path spec, List<String> options) throws IOException, InterruptedException {
    Path javac = Path.of(System.getProperty("java.home"), "bin", "javac");
    String classes = System.getProperty("java.class.path");
    List<String> command =
        new ArrayList<>(List.of(javac.toString(), "-cp", classes, "-d", directory.toString()));
    command.addAll(options);
    command.add(spec.toString());
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return (System.nanoTime() - start) / 1e9;
  }
}
