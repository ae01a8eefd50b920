package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.train.TrainingResult;
import dev.atrous.runtime.train.ValidationReport;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the validations of a training found, as text and as JSON. */
final class ValidationResults {
  private ValidationResults() {}

  /** Why the training ended early, if it did; the last and the best. */
  static String text(TrainingResult.Validated validated) {
    String end =
        validated.endedEarly()
            ? "The last %d validations brought no better mIoU. To go on all the same: --resume with a larger --patience, or 0.%n"
                .formatted(validated.withoutBetter())
            : "";
    return end + figures(validated);
  }

  private static String figures(TrainingResult.Validated validated) {
    ValidationReport last = validated.last();
    ValidationReport best = validated.best();
    Path checkpoint = validated.checkpoint();
    String text =
        BaseCommand.format(
            "Validated: mIoU %.2f %%, loss %.4f at step %d",
            100 * last.miou(), last.loss(), last.step());
    String where = checkpoint == null ? "" : ", in " + checkpoint.resolveSibling("").normalize();
    return best.step() == last.step()
        ? text + ", the best" + where
        : text
            + BaseCommand.format(
                "; best mIoU %.2f %% at step %d%s", 100 * best.miou(), best.step(), where);
  }

  /**
   * @param validated null gives null
   * @param data the name of the images
   */
  static JsonNode json(TrainingResult.@Nullable Validated validated, @Nullable String data) {
    if (validated == null) {
      return NullNode.getInstance();
    }
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("data", data);
    json.set("last", json(validated.last()));
    json.set("best", json(validated.best()));
    Path checkpoint = validated.checkpoint();
    json.put("checkpoint", checkpoint == null ? null : checkpoint.toString());
    json.put("without_better", validated.withoutBetter());
    json.put("ended_early", validated.endedEarly());
    return json;
  }

  private static ObjectNode json(ValidationReport report) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("step", report.step());
    json.set("miou", JsonOutput.number(report.miou()));
    ArrayNode classes = json.putArray("per_class_iou");
    for (double iou : report.classIou()) {
      classes.add(JsonOutput.number(iou));
    }
    json.set("loss", JsonOutput.number(report.loss()));
    json.put("seconds", report.seconds());
    return json;
  }
}
