package dev.atrous.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning from another model's weights, with other classes and at another output stride. */
class FineTuningTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private String run(CompiledModel model, String command, Object... arguments) {
    out.getBuffer().setLength(0);
    int code =
        AtrousCli.execute(
            Stream.concat(
                    Stream.of(command.split(" ", -1)), Stream.of(arguments).map(String::valueOf))
                .toArray(String[]::new),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            model);
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void twoPhasesFromTheWeightsOfSevenClasses(@TempDir Path directory) {
    Path data = directory.resolve("data");
    Path trained = directory.resolve("trained");
    Path tuned = directory.resolve("tuned");
    ShapesGenerator.generate(data, 6, 3, 1);
    run(
        new ShapesDeepLabModel(),
        "train --device cpu --steps 2 --batch-size 2",
        "--data",
        data,
        "--output",
        trained);
    FineTuning.writeRules(data);
    CompiledModel round = new RoundShapesModel();
    String few = "train --device cpu --steps 2 --batch-size 2";

    String first =
        run(
            round,
            few + " --phase 1 --skip-classifier",
            "--data",
            data,
            "--weights",
            trained,
            "--output",
            tuned);
    assertThat(first)
        .contains(
            "phase 1/2 (ResNet-18, 2 classes, output stride 16)",
            "Initial values: head/scores/weights",
            "Done at step 2 of 2");
    String second = run(round, few + " --phase 2", "--data", data, "--output", tuned);
    assertThat(second)
        .contains("phase 2/2 (ResNet-18, 2 classes, output stride 8)", "Done at step 2 of 2")
        .doesNotContain("Initial values");
    assertThat(run(round, "train --device cpu --resume", "--output", tuned))
        .contains("phase 2/2", "Nothing to do")
        .doesNotContain("phase 1/2");
    assertThat(run(round, "evaluate --device cpu", "--data", data, "--weights", tuned))
        .contains("round", "other");
  }
}
