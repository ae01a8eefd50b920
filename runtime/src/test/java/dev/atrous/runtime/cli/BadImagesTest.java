package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.BadSamples;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.StepReport;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training goes on without images that can't be used, if it is told to. */
class BadImagesTest extends TrainingFixture {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  BadImagesTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  private Invocation train(Object... more) {
    return runTrain(MODEL, with(new Object[] {"--threads", 1}, more));
  }

  private void damage(int image) throws IOException {
    Path file = data.resolve("JPEGImages/color" + image + ".png");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private void cut(int image) throws IOException {
    Files.write(data.resolve("JPEGImages/color" + image + ".png"), new byte[] {1, 2, 3});
  }

  @Test
  void theyAreSaidOnceAndListedAtTheEnd() throws Exception {
    damage(2);
    cut(1);
    Files.delete(data.resolve("SegmentationClass/color3.png"));
    assertThat(train("--data", data, "--steps", 3).code()).isEqualTo(AtrousCli.FAILED);
    Path json = directory.resolve("train.json");
    Invocation trained = train("--data", data, "--steps", 8, "--skip-bad-images", "--json", json);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err())
        .containsOnlyOnce("color1.png")
        .containsOnlyOnce("color2.png")
        .contains("note: left out: ");
    assertThat(trained.out())
        .contains("Left out: 3 of 4 images", "color1.png", "color2.png", "color3.png is missing");
    JsonNode leftOut = Invocation.json(json).get("left_out");
    assertThat(leftOut).hasSize(3);
    assertThat(leftOut.get(0).get("image").asText()).isEqualTo("color1");
    assertThat(leftOut.get(0).get("problem").asText()).contains("color1.png");
  }

  @Test
  void theyAreLeftOutWhenTheRunIsResumedToo() throws Exception {
    damage(2);
    Path json = directory.resolve("train.json");
    train("--data", data, "--steps", 2, "--skip-bad-images");
    Invocation resumed = train("--resume", "--steps", 4, "--json", json);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).doesNotContain("changed: skipping");
    assertThat(Invocation.json(json).get("left_out")).hasSize(1);
    Invocation strict = train("--resume", "--steps", 5, "--skip-bad-images=false");
    assertThat(strict.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(strict.err()).contains("/train: 1 of 4 samples can't be used", "color2.png");
  }

  @Test
  void withoutAnyOthersThereIsNothingToGoOnWith() throws Exception {
    for (int image = 0; image < 4; image++) {
      damage(image);
    }
    Invocation trained = train("--data", data, "--steps", 2, "--skip-bad-images");
    assertThat(trained.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(trained.errors()).contains("/train: 4 of 4 samples can't be used");
  }

  @Test
  void anImageToValidateOnIsNotLeftOut() throws Exception {
    damage(5);
    Invocation trained =
        train("--data", data, "--steps", 2, "--skip-bad-images", "--validate-steps", 1);
    assertThat(trained.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(trained.errors()).contains("/val: 1 of 4 samples can't be used", "color5.png");
  }

  /** Without the option the run ends with a checkpoint, and the option lets it go on. */
  @Test
  void anImageThatBecomesUnreadableInTheMiddle() throws Exception {
    BadSamples bad = new BadSamples(told -> {});
    FolderDataset strict = FolderDataset.open(data, "train", 3);
    FolderDataset tolerant =
        FolderDataset.open(data, "train", 3, FolderDataset.Reading.DEFAULT, bad);
    damage(3);
    assertThat(trained(strict, directory.resolve("strict")))
        .contains("color3.png", "The run ended after step ");
    assertThat(trained(tolerant, run)).isEqualTo("done");
    assertThat(bad.all()).extracting(BadSamples.Bad::sample).containsExactly("color3");
  }

  private static String trained(FolderDataset data, Path output) {
    boolean[] began = {false};
    TrainingOptions options =
        TrainingOptions.of(MODEL.description())
            .device(Device.CPU)
            .steps(12)
            .batchSize(1)
            .output(output)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepReport report) {
                    began[0] = true;
                  }
                })
            .build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      trainer.fit(data);
      return "done";
    } catch (AtrousException e) {
      assertThat(began[0]).isTrue();
      return String.valueOf(e.getMessage());
    }
  }
}
