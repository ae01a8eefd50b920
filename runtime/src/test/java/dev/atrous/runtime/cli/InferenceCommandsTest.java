package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code evaluate} and {@code predict} have in common. */
class InferenceCommandsTest extends InferenceFixture {
  @Test
  void averagesThatCannotBeAreTold() throws Exception {
    Path image = directory.resolve("image.png");
    ColorFolder.image(20).write(image);
    assertAverageError("it must be more than 0 and at most 16", "--scales", "0.5,-1");
    assertAverageError("A scale is 100.0", "--scales", "100");
    assertAverageError("Invalid value for option '--scales'", "--scales", "half");
    assertAverageError("have one twice", "--scales", "1,1");
    assertAverageError("leave out one of them", "--scales", "1", "--multi-scale");
    assertAverageError("The window is 0; it must be at least 1 pixel", "--window", 0);
    assertAverageError("The overlap is 33;", "--window", 33, "--overlap", 33);
    assertAverageError("--overlap is of windows: add --window", "--overlap", 8);
    assertAverageError("--batch-size is 0; it must be at least 1", "--batch-size", 0);
    assertThat(directory.resolve("out")).doesNotExist();
  }

  private void assertAverageError(String message, Object... options) {
    Object[] common = {directory.resolve("image.png"), "--output", directory.resolve("out")};
    Object[] all = Stream.concat(Arrays.stream(common), Arrays.stream(options)).toArray();
    assertError(invoke("predict", all), AtrousCli.USAGE, message);
    Object[] evaluation =
        Stream.concat(Stream.of("--data", data), Arrays.stream(options)).toArray();
    assertError(invoke("evaluate", evaluation), AtrousCli.USAGE, message);
  }

  @Test
  void anInterruptedCommandBlamesNoFile() {
    for (String command : List.of("dataset check", "evaluate --weights " + run)) {
      List<Object> args = new ArrayList<>(List.of(command.split(" ")));
      args.addAll(List.of("--data", data));
      Thread.currentThread().interrupt();
      Invocation interrupted = Invocation.of(MODEL, args.toArray());
      assertThat(Thread.interrupted()).isTrue();
      assertError(interrupted, AtrousCli.FAILED, "The work was interrupted, and is not finished.");
      assertThat(interrupted.err()).doesNotContain("can't be");
    }
  }

  @Test
  void weightsOfAModelThatWasCompiledOtherwiseAreSaid() throws Exception {
    Path changed = directory.resolve("changed");
    Files.createDirectory(changed);
    for (String file : run.toFile().list()) {
      Files.copy(run.resolve(file), changed.resolve(file));
    }
    Path image = directory.resolve("image.png");
    ColorFolder.image(20).write(image);
    Object[] predict = {
      "predict", "--weights", changed, image, "--output", directory.resolve("out")
    };
    assertThat(Invocation.of(MODEL, predict).err()).doesNotContain("note:");

    Path file = changed.resolve("run.json");
    ObjectNode kept = (ObjectNode) Invocation.json(file);
    ObjectNode compiled = (ObjectNode) kept.get("compiled");
    compiled.put("rate of block1/conv2", "2").put("convention padding", "SAME");
    compiled.put("convention weightDecay", "ALL").put("momentum", "0.5");
    new ObjectMapper().writeValue(file.toFile(), kept);
    String note =
        "note: Tiny is compiled otherwise than when the weights in %s were trained, and computes something else with them (convention padding: "
            .formatted(changed);
    Invocation predicted = Invocation.of(MODEL, predict);
    assertThat(predicted.code()).isZero();
    assertThat(predicted.err())
        .contains(note, "but the run had SAME; rate of block1/conv2: 4, but the run had 2).")
        .doesNotContain("weightDecay", "momentum");
    Path prefix = changed.resolve("model-60");
    assertThat(Invocation.of(MODEL, "evaluate", "--data", data, "--weights", prefix).err())
        .contains(note);
    assertThat(
            Invocation.of(
                    MODEL,
                    "train",
                    "--data",
                    data,
                    "--weights",
                    prefix,
                    "--steps",
                    1,
                    "--output",
                    directory.resolve("next"))
                .err())
        .contains(note);

    compiled.put("output stride", "8"); // rates follow it
    compiled.remove("convention padding");
    new ObjectMapper().writeValue(file.toFile(), kept);
    assertThat(Invocation.of(MODEL, predict).err()).doesNotContain("compiled otherwise");
  }

  @Test
  void anyPathThatTheFileSystemAllows() throws Exception {
    Path odd = directory.resolve("run [1]*?\\x");
    Path root = odd.resolve("data{2}");
    ColorFolder.write(root);
    Invocation trained =
        Invocation.of(MODEL, "train", "--data", root, "--output", odd, "--steps", 2);
    assertThat(trained.code()).as(trained.err()).isZero();
    Invocation resumed =
        Invocation.of(MODEL, "train", "--data", root, "--output", odd, "--steps", 3, "--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    Path image = root.resolve("JPEGImages/color4.png");
    Path out = odd.resolve("[out]");
    Invocation predicted =
        Invocation.of(MODEL, "predict", image, "--weights", odd, "--output", out);
    assertThat(predicted.code()).as(predicted.err()).isZero();
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("color4.png", "color4_overlay.png", Prediction.LEGEND);
  }
}
