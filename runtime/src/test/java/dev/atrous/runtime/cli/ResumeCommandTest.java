package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.train.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resumed run is the run that it was. */
class ResumeCommandTest extends TrainingFixture {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  ResumeCommandTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  @BeforeEach
  void begin() {
    Invocation begun =
        train(
            "--data=" + data,
            "--split=val",
            "--steps=2",
            "--batch-size=2",
            "--crop=17",
            "--learning-rate=0.01",
            "--seed=7");
    assertThat(begun.code()).as(begun.err()).isZero();
  }

  private Invocation train(Object... more) {
    return train(MODEL, more);
  }

  private Invocation train(NamedModel model, Object... more) {
    return runTrain(model, more);
  }

  private void assertRefused(Invocation invocation, String... messages) {
    assertThat(invocation.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(invocation.errors()).startsWith("error: ").contains(messages);
    assertThat(run.resolve("model-3.index")).doesNotExist();
  }

  @Test
  void whatTheRunBeganWithIsTakenUpAgain() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation resumed = train("--resume", "--steps=3", "--json", json);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    JsonNode results = Invocation.json(json);
    assertThat(results.get("batch_size").asInt()).isEqualTo(2);
    assertThat(results.get("crop").asInt()).isEqualTo(17);
    assertThat(results.get("learning_rate").asDouble()).isEqualTo(0.01);
    assertThat(results.get("seed").asInt()).isEqualTo(7);
    assertThat(results.get("data").asText()).endsWith("/val");
    assertThat(resumed.out())
        .contains(
            "3 of 2 crops of 17 x 17 pixels", "Done at step 3", "evaluate --data " + data + " ");
    assertThat(resumed.err())
        .contains("note: the run is changed: steps: 3, but the run began with 2")
        .doesNotContain("changed: crop", "changed: learning", "changed: data");
    Invocation again = train("--resume");
    assertThat(again.out()).contains("Nothing to do: the run has done 3 of 3 steps");
    assertThat(again.err()).doesNotContain("changed");
  }

  @Test
  void theSameValuesAreNoContradiction() {
    Invocation same =
        train(
            "--resume",
            "--data=" + data.resolve("../" + data.getFileName()),
            "--split=val",
            "--batch-size=2",
            "--crop=17",
            "--learning-rate=0.01",
            "--seed=7",
            "--precision=float32",
            "--output-stride=4");
    assertThat(same.code()).as(same.err()).isZero();
    assertThat(same.err()).doesNotContain("changed");
  }

  @Test
  void whatWouldBeAnotherRunIsRefused() {
    String[] remedy = {"The run in " + run + " can't go on", "--weights " + run};
    assertRefused(train("--resume", "--crop=33", "--steps=3"), remedy);
    assertRefused(
        train("--resume", "--crop=33", "--batch-size=4", "--seed=1", "--split=train", "--steps=3"),
        "crop: 33, but the run began with 17",
        "batch size: 4, but the run began with 2",
        "seed: 1, but the run began with 7",
        "split: train, but the run began with val");
    assertRefused(
        train(NamedModel.of("Other"), "--resume", "--steps=3"),
        "The run in " + run + " is one of the model Tiny, not of Other");
  }

  @Test
  void anotherRateIsSaid() throws Exception {
    Invocation resumed = train("--resume", "--steps=3", "--learning-rate=0.005");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.err())
        .contains("note: the run is changed: learning rate: 0.005, but the run began with 0.01");
    assertThat(Invocation.json(run.resolve("run.json")).get("learning_rate").asDouble())
        .isEqualTo(0.005);
  }

  @Test
  void theScheduleIsKept() throws Exception {
    Path file = run.resolve("run.json");
    ObjectNode kept = (ObjectNode) Invocation.json(file);
    assertThat(kept.get("schedule").asText()).isEqualTo("poly");
    assertThat(kept.get("warmup_steps").asInt()).isZero();
    kept.remove("schedule"); // as in earlier versions
    kept.remove("warmup_steps");
    new ObjectMapper().writeValue(file.toFile(), kept);
    Invocation changed = train("--resume", "--steps=4", "--schedule=cosine", "--warmup-steps=3");
    assertThat(changed.code()).as(changed.err()).isZero();
    assertThat(changed.out()).contains("rate    0.01, cosine, after 3 steps of warm-up");
    assertThat(changed.err())
        .contains(
            "schedule: COSINE, but the run began with POLY",
            "warm-up steps: 3, but the run began with 0");
    Invocation again = train("--resume", "--steps=5");
    assertThat(again.out()).contains("rate    0.01, cosine, after 3 steps of warm-up");
    assertThat(again.err()).doesNotContain("schedule", "warm-up");
    Invocation tooShort = train("--resume", "--steps=3");
    assertThat(tooShort.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(tooShort.err()).contains("The number of warm-up steps is 3; it must be");
  }

  @Test
  void classWeightsAreKeptAndOthersAreSaid() {
    Invocation first = train("--resume", "--steps=3", "--class-weights=1,2,0.5");
    assertThat(first.err())
        .contains(
            "the run is changed: class weights: [1.0, 2.0, 0.5], but the run began with the spec's");
    Invocation second = train("--resume", "--steps=4");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(second.err()).doesNotContain("class weights");
    assertThat(RunRecord.read(run).orElseThrow().classWeights()).containsExactly(1.0, 2.0, 0.5);
  }

  @Test
  void dataMayMoveButNotBeOther() throws Exception {
    Path moved = directory.resolve("moved");
    ColorFolder.write(moved);
    Invocation resumed = train("--resume", "--steps=3", "--data", moved);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("the run is changed: data: " + moved);
    Path other = directory.resolve("other");
    ColorFolder.write(other);
    Files.writeString(other.resolve("ImageSets/Segmentation/val.txt"), "color1\ncolor2\n");
    Invocation refused = train("--resume", "--steps=4", "--data", other);
    assertThat(refused.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(refused.err())
        .contains("data: " + other + " with 2 images, but the run began with 4 others in " + moved);

    Files.writeString(moved.resolve("ImageSets/Segmentation/val.txt"), "color1\ncolor2\n");
    Invocation edited = train("--resume", "--steps=4");
    assertThat(edited.code()).isZero();
    assertThat(edited.err())
        .contains("the list of split val was changed; it names 2 images, and named 4 when");

    Files.move(moved, directory.resolve("gone"));
    Invocation lost = train("--resume", "--steps=5");
    assertThat(lost.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(lost.err()).contains("doesn't exist", "--data says where it is now");
  }

  @Test
  void aModelThatWasCompiledAgainIsSaid() throws Exception {
    Path file = run.resolve("run.json");
    ObjectNode kept = (ObjectNode) Invocation.json(file);
    ObjectNode compiled = (ObjectNode) kept.get("compiled");
    compiled.put("output stride", "8").put("weight decay", "0.5").put("rate of gone", "3");
    new ObjectMapper().writeValue(file.toFile(), kept);
    Invocation resumed = train("--resume", "--steps=3");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains(
            "the model was compiled again: output stride 4, but the run began with 8",
            "weight decay 0.0001, but the run began with 0.5",
            "rate of gone none, but the run began with 3");
  }

  @Test
  void aRunOfAnEarlierVersionGoesOn() throws Exception {
    Files.delete(run.resolve("run.json"));
    Invocation withoutData = train("--resume", "--steps=3");
    assertThat(withoutData.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(withoutData.err()).contains("Missing required option: '--data=DIR'");
    Invocation resumed = train("--resume", "--steps=3", "--data", data, "--crop=17");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("note: " + run + " has no run.json");
    assertThat(Invocation.json(run.resolve("run.json")).get("crop").asInt()).isEqualTo(17);
  }

  @Test
  void aDamagedCheckpointIsPassedOverAndSaid() throws Exception {
    assertThat(train("--resume", "--steps=4").code()).isZero();
    Path data4 = run.resolve("model-4.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data4);
    bytes[bytes.length / 2] ^= 1;
    Files.write(data4, bytes);
    Invocation evaluated = Invocation.of(MODEL, "evaluate", "--data", data, "--weights", run);
    assertThat(evaluated.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(evaluated.err())
        .contains("model-4 can't be read", "Beside it there is " + run.resolve("model-2"));
    Invocation before =
        Invocation.of(MODEL, "evaluate", "--data", data, "--weights", run.resolve("model-2"));
    assertThat(before.code()).as(before.err()).isZero();
    assertThat(before.out()).contains("weights " + run.resolve("model-2"));
    Invocation resumed = train("--resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("note: The checkpoint " + run.resolve("model-4") + " can't");
    assertThat(resumed.out()).contains("Resumed at step 2", "Done at step 4 of 4");
    assertThat(Invocation.of(MODEL, "evaluate", "--data", data, "--weights", run).out())
        .contains("weights " + run.resolve("model-4"));
  }

  @Test
  void aDamagedRecordIsNoReasonToGuess() throws Exception {
    Path file = run.resolve("run.json");
    Files.writeString(file, "{\"model\": \"Tiny\"");
    assertRefused(train("--resume", "--steps=3"), "The record of the run " + file + " is damaged");
    Files.writeString(file, "{\"model\": \"Tiny\", \"compiled\": {}, \"data\": null}");
    assertRefused(train("--resume", "--steps=3"), file + " is damaged: ", "steps");
  }
}
