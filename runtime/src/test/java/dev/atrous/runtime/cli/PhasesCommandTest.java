package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in two phases: 3 steps on the split train, 2 on val at a smaller rate. */
class PhasesCommandTest extends TrainingFixture {
  private static final CompiledModel MODEL =
      new PhasedModel(
          List.of(new PhasedModel.Phase(3, 0.05, "train"), new PhasedModel.Phase(2, 0.001, "val")));

  PhasesCommandTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  private Invocation command(Object... more) {
    return runTrain(MODEL, more);
  }

  private Invocation train(Object... more) {
    return runTrainOnData(MODEL, more);
  }

  private static long step(Path folder) {
    return Long.parseLong(
        String.valueOf(Checkpoint.open(folder).prefix().getFileName()).replace("model-", ""));
  }

  @Test
  void trainsOnePhaseAfterTheOther() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation trained = train("--json", json);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out())
        .contains(
            "Training Phased, phase 1/2 (",
            "/train, 4 images",
            "3 of 4 crops",
            "rate    0.05,",
            "Done at step 3 of 3: loss ",
            "Training Phased, phase 2/2 (",
            "/val, 4 images",
            "2 of 4 crops",
            "rate    0.001,",
            "Done at step 2 of 2: loss ")
        .containsOnlyOnce("Evaluate it with: evaluate --data " + data + " --weights " + run);
    assertThat(step(run.resolve("phase1"))).isEqualTo(3);
    assertThat(step(run)).isEqualTo(2);
    JsonNode results = Invocation.json(json);
    assertThat(results.get("phase").asInt()).isEqualTo(2);
    assertThat(results.get("phases").asInt()).isEqualTo(2);
    assertThat(results.get("step").asInt()).isEqualTo(2);
    assertThat(results.at("/earlier_phases/0/phase").asInt()).isEqualTo(1);
    assertThat(results.at("/earlier_phases/0/step").asInt()).isEqualTo(3);
    assertThat(Invocation.json(run.resolve("run.json")).get("weights").asText())
        .isEqualTo(run.resolve("phase1").toAbsolutePath().toString());
    Invocation evaluated =
        Invocation.of(MODEL, "evaluate", "--data", data, "--weights", run, "--device", "cpu");
    assertThat(evaluated.code()).as(evaluated.err()).isZero();

    Invocation again = command("--resume");
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out())
        .contains("phase 2/2", "Nothing to do: the run has done 2 of 2 steps.")
        .doesNotContain("phase 1/2");
    assertThat(train().errors()).contains("There is a run in ", " already.");
  }

  @Test
  void resumesBetweenThePhases() throws Exception {
    Invocation first = train("--phase", 1, "--seed", 7);
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).contains("phase 1/2", "Done at step 3 of 3").doesNotContain("2/2");
    Files.createFile(run.resolve("run.lock")); // as a phase leaves it that was killed at once
    Invocation second = command("--resume");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out())
        .contains("phase 2/2", data.getFileName() + "/val", "Done at step 2 of 2")
        .doesNotContain("phase 1/2", "Resumed");
    assertThat(step(run.resolve("phase1"))).isEqualTo(3);
    assertThat(Invocation.json(run.resolve("run.json")).get("seed").asInt()).isEqualTo(7);
  }

  @Test
  void resumesInAPhase() throws Exception {
    Path phase1 = run.resolve("phase1");
    assertThat(train("--phase", 1, "--checkpoint-steps", 1).code()).isZero();
    killedAt(2, phase1);
    Invocation early = train("--phase", 2);
    assertThat(early.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(early.errors())
        .contains(
            "Phase 2 starts from the end of phase 1, which has done 2 of 3 steps in " + phase1,
            "(--phase 1 --resume)");
    Invocation first = command("--resume", "--checkpoint-steps", 1);
    assertThat(first.out())
        .contains("phase 1/2", "Resumed at step 2", "Done at step 3 of 3", "phase 2/2")
        .containsOnlyOnce("Resumed");
    killedAt(1, run);
    Invocation second = command("--resume");
    assertThat(second.out())
        .contains("phase 2/2", "Resumed at step 1", "Done at step 2 of 2")
        .doesNotContain("phase 1/2");
  }

  @Test
  void anEndOfAPhaseThatIsDamagedIsTrainedAgain() throws Exception {
    Path phase1 = run.resolve("phase1");
    assertThat(train("--phase", 1, "--checkpoint-steps", 1).code()).isZero();
    Path values = phase1.resolve("model-3.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(values);
    bytes[bytes.length / 2] ^= 1;
    Files.write(values, bytes);
    String damaged = "The checkpoint " + phase1.resolve("model-3") + " can't be read";
    Invocation second = train("--phase", 2);
    assertThat(second.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(second.errors())
        .contains("phase 1, which has done 2 of 3 steps in " + phase1, "(--phase 1 --resume)")
        .contains(damaged);
    Invocation both = command("--resume");
    assertThat(both.code()).as(both.err()).isZero();
    assertThat(both.err()).contains("note: " + damaged);
    assertThat(both.out())
        .contains("phase 1/2", "Resumed at step 2", "Done at step 3 of 3", "phase 2/2");
    assertThat(step(phase1)).isEqualTo(3);
    assertThat(step(run)).isEqualTo(2);
  }

  @Test
  void aPhaseStartsFromAnEndThatNoStateFileNames() throws Exception {
    Path phase1 = run.resolve("phase1");
    assertThat(train("--phase", 1).code()).isZero();
    Files.writeString(phase1.resolve("checkpoint"), "");
    Invocation second = train("--phase", 2);
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.err())
        .containsOnlyOnce("The state file " + phase1.resolve("checkpoint") + " is damaged");
    assertThat(Invocation.json(run.resolve("run.json")).get("weights").asText())
        .isEqualTo(phase1.resolve("model-3").toAbsolutePath().toString());
  }

  private static void killedAt(int step, Path folder) throws Exception {
    Files.writeString(
        folder.resolve("checkpoint"),
        "model_checkpoint_path: \"model-%d\"\nall_model_checkpoint_paths: \"model-%d\"\n"
            .formatted(step, step));
  }

  @Test
  void aPhaseAloneTakesOptions() {
    assertThat(train("--phase", 1, "--steps", 1).code()).isZero();
    Invocation second = train("--phase=2", "--steps=1", "--learning-rate=0.02", "--split=train");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.out()).contains("phase 2/2", "1 of 4 crops", "0.02,", "/train, 4 images");
  }

  /** Both on the split train, which is validated on as well. */
  @Test
  void whatPhasesHaveInCommonIsSaidOnce() throws Exception {
    CompiledModel model =
        new PhasedModel(
            List.of(
                new PhasedModel.Phase(2, 0.05, "train"), new PhasedModel.Phase(1, 0.01, "train")));
    Path json = directory.resolve("train.json");
    Object[] args = {"train", "--data", data, "--output", run, "--json", json};
    Invocation validated =
        Invocation.of(model, with(args, "--validate-steps", 2, "--validate-split", "train"));
    assertThat(validated.code()).as(validated.err()).isZero();
    assertThat(validated.err()).containsOnlyOnce("4 of the 4 images to validate on are trained on");

    Path damaged = directory.resolve("damaged");
    ColorFolder.write(damaged);
    Files.delete(damaged.resolve("SegmentationClass/color3.png"));
    args[2] = damaged;
    args[4] = directory.resolve("other");
    Invocation skipping = Invocation.of(model, with(args, "--skip-bad-images"));
    assertThat(skipping.code()).as(skipping.err()).isZero();
    assertThat(skipping.err()).containsOnlyOnce("note: left out: ");
    assertThat(skipping.out())
        .contains("Left out: 1 of 4 images")
        .doesNotContain("Left out: 2 of 4 images");
    JsonNode results = Invocation.json(json);
    assertThat(results.get("left_out")).hasSize(1);
    assertThat(results.at("/earlier_phases/0/left_out")).hasSize(1);
  }

  @Test
  void describesThePhases() throws Exception {
    Path json = directory.resolve("describe.json");
    Path page = directory.resolve("describe.html");
    Invocation described = Invocation.of(MODEL, "describe", "--json", json, "--html", page);
    assertThat(described.code()).as(described.err()).isZero();
    String second =
        "output stride 4, batch norm trained, split val, 2 steps of 4 crops of 33 x 33 pixels,";
    assertThat(described.out().replaceAll("\\s+", " "))
        .contains("phase 1 output stride 4", "3 steps of 4 crops", "phase 2 " + second);
    assertThat(Files.readString(page)).contains("phase 1", "phase 2", "split val");
    JsonNode phases = Invocation.json(json).get("phases");
    assertThat(phases).hasSize(2);
    assertThat(phases.get(0).at("/training/steps").asInt()).isEqualTo(3);
    assertThat(phases.get(1).get("split").asText()).isEqualTo("val");
    assertThat(phases.get(1).get("training_bytes").isNumber()).isTrue();
  }

  @Test
  void saysWhatIsWrongWithTheCommandLine() {
    assertMisused(
        train("--steps", 5),
        "Phased trains in 2 phases, each with its own values: say with --phase N which one --steps is for");
    assertMisused(train("--split", "val"), "which one --split is for");
    assertMisused(
        train("--phase", 3),
        "--phase 3 is not possible: the training of Phased has the phases 1 to 2.");
    assertMisused(
        Invocation.of(NamedModel.of("Tiny"), "train", "--data", data, "--phase", "2"),
        "the training of Tiny has no phases.");
    assertThat(train("--phase", 2).errors())
        .contains("Phase 2 starts from the end of phase 1, which is not begun in ", "(--phase 1)");
    assertThat(command("--resume").errors()).contains("There is no run to resume in " + run + ":");
  }

  private static void assertMisused(Invocation invocation, String message) {
    assertThat(invocation.errors()).contains(message);
    assertThat(invocation.code()).isEqualTo(AtrousCli.USAGE);
  }
}
