package dev.atrous.runtime.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.checkpoint.CheckpointDirectory;
import dev.atrous.runtime.checkpoint.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The validations of a run, in {@code validations.json} beside its checkpoints, and the checkpoint
 * of the best one, in the folder {@code best} there.
 *
 * <p>Which is the best, the folder says: it is the validation of the step of the checkpoint in it.
 * A validation is written to the file first, then its checkpoint to the folder. So a crash between
 * the two leaves a validation that is better than the best; it is forgotten, and done again by the
 * run that is resumed.
 */
final class ValidationHistory {
  private static final String FILE = "validations.json";
  private static final String FOLDER = "best";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final @Nullable String data;
  private final @Nullable Path output;
  private final List<ValidationReport> reports = new ArrayList<>(); // the best among them
  private final List<String> remarks = new ArrayList<>();
  private @Nullable ValidationReport best;
  private @Nullable Path checkpoint;

  /**
   * What a run has of validations.
   *
   * @param output its directory; null if it has none
   * @param step that the run goes on from. What was found after it is forgotten, but for the best,
   *     whose checkpoint is there.
   * @param data what is validated on, in words; of other data everything is forgotten. Null for
   *     whatever it is, to read alone
   * @throws AtrousException if the file can't be read
   */
  ValidationHistory(@Nullable Path output, long step, @Nullable String data) {
    this.output = output;
    this.data = data;
    if (output == null || step == 0 || !Files.isRegularFile(output.resolve(FILE))) {
      return;
    }
    List<ValidationReport> all = read(output.resolve(FILE));
    if (all.isEmpty()) {
      return;
    }
    Path folder = output.resolve(FOLDER);
    checkpoint = bestCheckpoint(folder).orElse(null);
    best = all.stream().filter(report -> isOf(report, checkpoint)).findFirst().orElse(null);
    ValidationReport known = best;
    if (known == null) {
      checkpoint = null;
      return;
    }
    all.stream()
        .filter(report -> report.step() <= step || report.step() == known.step())
        .filter(report -> report.miou() <= known.miou())
        .forEach(reports::add);
  }

  /**
   * Forgets what a run left that came to no checkpoint, before another begins in its directory.
   *
   * @throws AtrousException if the file can't be deleted
   */
  static void forget(Path output) {
    Path file = output.resolve(FILE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new AtrousException("The record of validations " + file + " can't be deleted: " + e, e);
    }
  }

  private static boolean isOf(ValidationReport report, @Nullable Path checkpoint) {
    return checkpoint != null && checkpoint.endsWith(CheckpointDirectory.name(report.step()));
  }

  private Optional<Path> bestCheckpoint(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try {
      return new CheckpointDirectory(folder, 1)
          .newestIntact()
          .map(CheckpointDirectory.Intact::checkpoint)
          .map(Checkpoint::prefix);
    } catch (AtrousException e) {
      remarks.add(
          "the best checkpoint is lost, the next validation is the best: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<ValidationReport> read(Path file) {
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      List<ValidationReport> all = new ArrayList<>();
      json.required("validations").forEach(entry -> all.add(report(entry)));
      String before = json.required("data").asText();
      if (data != null && !before.equals(data)) {
        remarks.add(
            "validations were on other images (%s, now %s): the best is looked for anew"
                .formatted(before, data));
        all.clear();
      }
      return all;
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException(
          "The record of the validations " + file + " can't be read: " + e, e);
    }
  }

  private static AtrousException damaged(Path file, String problem, Exception cause) {
    return new AtrousException(
        "The record of the validations %s is damaged: %s. Mend it; or remove it, and the best checkpoint is looked for anew."
            .formatted(file, problem),
        cause);
  }

  private static ValidationReport report(JsonNode json) {
    JsonNode classes = json.required("class_iou");
    double[] classIou = new double[classes.size()];
    for (int i = 0; i < classIou.length; i++) {
      classIou[i] = number(classes.get(i));
    }
    return new ValidationReport(
        json.required("step").asLong(),
        number(json.required("miou")),
        classIou,
        number(json.required("loss")),
        number(json.required("seconds")),
        json.required("best").asBoolean());
  }

  private static double number(JsonNode value) {
    if (!value.isNumber() && !value.isNull()) {
      throw new IllegalArgumentException(value + " is no number");
    }
    return value.asDouble(Double.NaN);
  }

  /** What became of validations that are no longer known, in sentences; mostly empty. */
  List<String> remarks() {
    return remarks;
  }

  /** Whether there is one of these steps. */
  boolean has(long step) {
    return reports.stream().anyMatch(report -> report.step() == step);
  }

  /** Whether an mIoU is larger than all so far. */
  boolean isBest(double miou) {
    ValidationReport known = best;
    return known == null || miou > known.miou();
  }

  /** The newest validation. */
  Optional<ValidationReport> last() {
    return reports.isEmpty() ? Optional.empty() : Optional.of(reports.get(reports.size() - 1));
  }

  /** The validation of the largest mIoU. */
  Optional<ValidationReport> best() {
    return Optional.ofNullable(best);
  }

  /** The prefix of the best one's checkpoint. */
  @Nullable Path checkpoint() {
    return checkpoint;
  }

  /** Validations since the best. */
  int withoutBetter() {
    ValidationReport known = best;
    return known == null
        ? 0
        : (int) reports.stream().filter(report -> report.step() > known.step()).count();
  }

  /** Whether validations brought nothing better for as long as a run is to wait; 0 is for ever. */
  boolean isExhausted(int patience) {
    return patience > 0 && withoutBetter() >= patience;
  }

  /**
   * Adds a validation, and if it is the best writes its checkpoint.
   *
   * @param record what the run is made with, to be put beside the checkpoint
   * @param writer writes the files of the checkpoint's prefix
   * @throws AtrousException if the disk does not take it
   */
  void add(ValidationReport report, RunRecord record, Consumer<Path> writer) {
    reports.add(report);
    write();
    if (!report.best()) {
      return;
    }
    best = report;
    if (output != null) {
      Path folder = output.resolve(FOLDER);
      CheckpointDirectory directory = new CheckpointDirectory(folder, 1);
      record.write(folder);
      checkpoint = directory.add(report.step(), writer);
    }
  }

  private void write() {
    if (output == null) {
      return;
    }
    ObjectNode json = MAPPER.createObjectNode();
    json.put("data", data);
    ArrayNode entries = json.putArray("validations");
    for (ValidationReport report : reports) {
      ObjectNode entry = entries.addObject();
      entry.put("step", report.step());
      put(entry, "miou", report.miou());
      ArrayNode classes = entry.putArray("class_iou");
      for (double iou : report.classIou()) {
        classes.add(Double.isNaN(iou) ? null : iou);
      }
      put(entry, "loss", report.loss());
      put(entry, "seconds", report.seconds());
      entry.put("best", report.best());
    }
    Path file = output.resolve(FILE);
    try {
      DurableFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    } catch (IOException e) {
      throw WriteFailure.of("The record of the validations " + file, e);
    }
  }

  private static void put(ObjectNode json, String name, double value) {
    json.put(name, Double.isFinite(value) ? value : null);
  }
}
