package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation from the command line. */
class ValidatingTrainingTest extends TrainingFixture {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  ValidatingTrainingTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  private Invocation train(Object... more) {
    return runTrain(MODEL, with(new Object[] {"--threads", 1}, more));
  }

  private JsonNode evaluate(Path weights, String split, Object... more) throws Exception {
    Path json = directory.resolve("evaluation.json");
    Invocation evaluated =
        Invocation.of(
            MODEL,
            with(
                new Object[] {
                  "evaluate",
                  "--data",
                  data,
                  "--weights",
                  weights,
                  "--split",
                  split,
                  "--device",
                  "cpu",
                  "--threads",
                  1,
                  "--json",
                  json
                },
                more));
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    return Invocation.json(json);
  }

  @Test
  void theLastAndTheBestAreWhatEvaluateSays() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation trained = train("--data", data, "--steps", 5, "--validate-steps", 2, "--json", json);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("/val, 4 images, every 2 steps", "Validated: mIoU ");
    JsonNode results = Invocation.json(json).get("validation");
    assertThat(results.get("data").asText()).endsWith("/val");
    assertThat(results.at("/last/step").asInt()).isEqualTo(5);
    JsonNode last = evaluate(run, "val");
    assertThat(results.at("/last/miou")).isEqualTo(last.get("miou"));
    assertThat(results.at("/last/per_class_iou")).isEqualTo(last.get("per_class_iou"));
    assertThat(results.at("/last/loss").asDouble()).isBetween(0.01, 10.0);
    JsonNode best = evaluate(run.resolve("best"), "val");
    assertThat(results.at("/best/miou")).isEqualTo(best.get("miou"));
    assertThat(results.get("checkpoint").asText())
        .isEqualTo(run.resolve("best/model-" + results.at("/best/step").asInt()).toString());
    assertThat(results.get("ended_early").asBoolean()).isFalse();
  }

  /**
   * Small images are padded to the crop that the weights were trained with: padded to that of the
   * spec, the features of the whole image would be those of the padding.
   */
  @Test
  void smallImagesArePaddedToTheCropOfTheRun() throws Exception {
    Path json = directory.resolve("train.json");
    train("--data", data, "--steps", 4, "--crop", 17, "--validate-steps", 4, "--json", json);
    JsonNode ofRun = evaluate(run, "val");
    assertThat(Invocation.json(json).at("/validation/last/per_class_iou"))
        .isEqualTo(ofRun.get("per_class_iou"));
    assertThat(ofRun.get("per_class_iou"))
        .isEqualTo(evaluate(run, "val", "--crop", 17).get("per_class_iou"))
        .isNotEqualTo(evaluate(run, "val", "--crop", 65).get("per_class_iou"));
    assertThat(evaluate(run.resolve("best"), "val").get("per_class_iou"))
        .isEqualTo(ofRun.get("per_class_iou"));
  }

  @Test
  void aResumedRunGoesOnToValidate() throws Exception {
    Path json = directory.resolve("train.json");
    train("--data", data, "--steps", 2, "--validate-steps", 2, "--validate-split=train");
    Invocation resumed = train("--resume", "--steps", 4, "--json", json);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("/train, 4 images, every 2 steps");
    assertThat(resumed.err())
        .contains("4 of the 4 images to validate on are trained on")
        .doesNotContain("changed: validation");
    assertThat(Invocation.json(json).at("/validation/last/miou"))
        .isEqualTo(evaluate(run, "train").get("miou"));
    Invocation other =
        train("--resume", "--steps", 5, "--validate-minutes", 0.5, "--validate-split=val");
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(other.err())
        .contains(
            "changed: validation: every 0.5 minutes on split val, but the run began with every 2 steps on split train");
    Invocation none = train("--resume", "--steps", 6, "--validate-steps", 0, "--json", json);
    assertThat(none.code()).as(none.err()).isZero();
    assertThat(Invocation.json(json).get("validation").isNull()).isTrue();
  }

  @Test
  void patienceEndsTheTrainingInGoodOrder() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation trained =
        train(
            "--data=" + data,
            "--steps=400",
            "--learning-rate=1e-30",
            "--validate-steps=1",
            "--patience=2",
            "--json=" + json);
    assertThat(trained.code()).as(trained.err()).isZero();
    JsonNode results = Invocation.json(json);
    int step = results.get("step").asInt();
    assertThat(step).isBetween(3, 399);
    assertThat(results.at("/validation/ended_early").asBoolean()).isTrue();
    assertThat(results.at("/validation/best/step").asInt()).isEqualTo(step - 2);
    assertThat(trained.out())
        .contains(
            "Ended early at step " + step + " of 400",
            "The last 2 validations brought no better mIoU. To go on all the same: --resume",
            "best mIoU ");
    Invocation again = train("--resume");
    assertThat(again.code()).isZero();
    assertThat(again.out())
        .contains("Nothing to do: the run has done " + step + " of 400", "The last 2 validations");
    assertThat(train("--resume", "--patience", 0, "--steps", step + 1).out())
        .contains("Done at step " + (step + 1));
  }

  private void assertMisused(String message, Object... options) {
    Invocation invocation = train(with(new Object[] {"--data", data}, options));
    assertThat(invocation.errors()).startsWith("error: ").contains(message);
    assertThat(invocation.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(run).doesNotExist();
  }

  @Test
  void aWrongCommandLineBeginsNothing() {
    assertMisused("A patience of 3 counts validations, and there are none.", "--patience", 3);
    assertMisused("nothing says when: give --validate-steps", "--validate-split", "val");
    assertMisused("leave out one of them", "--validate-steps", 3, "--validate-minutes", 1);
    assertMisused("between validations is -1; it must be at least 0", "--validate-steps", -1);
    assertMisused("--validate-minutes is NaN", "--validate-minutes", "NaN");
    assertMisused("patience is -1", "--validate-steps", 1, "--patience", -1);
  }

  @Test
  void whatToValidateOnIsTriedFirst() throws Exception {
    Invocation missing = train("--data", data, "--validate-steps", 2, "--validate-split", "test");
    assertThat(missing.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(missing.errors())
        .contains("Split 'test' doesn't exist", "--validate-split takes another");
    assertThat(run).doesNotExist();

    Path damaged = directory.resolve("damaged");
    ColorFolder.write(damaged);
    Path image = damaged.resolve("JPEGImages/color6.png");
    byte[] bytes = Files.readAllBytes(image);
    bytes[bytes.length / 2] ^= 1;
    Files.write(image, bytes);
    Invocation unreadable = train("--data", damaged, "--validate-steps", 2);
    assertThat(unreadable.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(unreadable.errors()).contains("/val: 1 of 4 samples can't be used", "color6.png");
    assertThat(run.resolve("checkpoint")).doesNotExist();
    NamedModel two = NamedModel.of("Two", new TinyModel(2));
    Invocation fitting =
        Invocation.of(
            two, "train", "--data", data, "--output", run, "--steps", 1, "--validate-steps", 1);
    assertThat(fitting.code()).as(fitting.err()).isZero();
  }
}
