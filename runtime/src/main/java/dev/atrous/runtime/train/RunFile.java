package dev.atrous.runtime.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.checkpoint.DurableFile;
import dev.atrous.runtime.tensorflow.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link RunRecord} as a file. */
final class RunFile {
  private static final String NAME = "run.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RunFile() {}

  static Optional<RunRecord> read(Path directory) {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      return Optional.of(record(json));
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException("The record of the run " + file + " can't be read: " + e, e);
    }
  }

  private static AtrousException damaged(Path file, String problem, Exception cause) {
    return new AtrousException(
        "The record of the run %s is damaged: %s. Mend it; or remove it and give all options of the run again (--data, --steps, --batch-size, --crop, --learning-rate, --seed)."
            .formatted(file, problem),
        cause);
  }

  /**
   * @throws IllegalArgumentException if something is missing or of another type
   */
  private static RunRecord record(JsonNode json) {
    Map<String, String> compiled = new LinkedHashMap<>();
    json.required("compiled")
        .properties()
        .forEach(fact -> compiled.put(fact.getKey(), fact.getValue().asText()));
    return new RunRecord(
        text(json, "model"),
        data(json.required("data")),
        whole(json, "steps"),
        whole(json, "batch_size"),
        json.has("accumulate") ? whole(json, "accumulate") : 1, // earlier versions had no other
        json.has("workers") ? whole(json, "workers") : 1,
        whole(json, "crop"),
        number(json, "learning_rate").doubleValue(),
        json.has("schedule") // earlier versions had no other
            ? Training.Schedule.valueOf(text(json, "schedule").toUpperCase(Locale.ROOT))
            : Training.Schedule.POLY,
        number(json, "power").doubleValue(),
        json.has("warmup_steps") ? whole(json, "warmup_steps") : 0,
        number(json, "seed").longValue(),
        Precision.valueOf(text(json, "precision").toUpperCase(Locale.ROOT)),
        json.required("weights").isNull() ? null : Path.of(text(json, "weights")),
        json.path("skip_classifier").asBoolean(), // false in earlier versions
        classWeights(json.path("class_weights")),
        validation(json.path("validation")),
        compiled);
  }

  /** None in records of versions that had none. */
  private static List<Double> classWeights(JsonNode json) {
    List<Double> weights = new ArrayList<>();
    for (JsonNode weight : json) {
      if (!weight.isNumber()) {
        throw new IllegalArgumentException("a class weight is no number");
      }
      weights.add(weight.doubleValue());
    }
    return weights;
  }

  /** None in records of versions that had none. */
  private static RunRecord.@Nullable Validation validation(JsonNode json) {
    return json.isNull() || json.isMissingNode()
        ? null
        : new RunRecord.Validation(
            text(json, "split"),
            new ValidationPlan(
                whole(json, "steps"),
                Duration.ofMillis(number(json, "milliseconds").longValue()),
                whole(json, "patience")));
  }

  private static RunRecord.@Nullable Data data(JsonNode json) {
    return json.isNull()
        ? null
        : new RunRecord.Data(
            Path.of(text(json, "directory")),
            text(json, "split"),
            whole(json, "images"),
            text(json, "checksum"),
            text(json, "format"),
            labels(json.required("labels")),
            number(json, "val_share").doubleValue(),
            json.path("skip_bad_images").asBoolean()); // false in earlier versions
  }

  private static List<String> labels(JsonNode json) {
    List<String> lines = new ArrayList<>();
    json.forEach(line -> lines.add(line.asText()));
    return lines;
  }

  private static String text(JsonNode json, String name) {
    JsonNode value = json.required(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(name + " is no text");
    }
    return value.textValue();
  }

  private static JsonNode number(JsonNode json, String name) {
    JsonNode value = json.required(name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException(name + " is no number");
    }
    return value;
  }

  private static int whole(JsonNode json, String name) {
    JsonNode value = number(json, name);
    if (!value.canConvertToInt()) {
      throw new IllegalArgumentException(name + " is no whole number");
    }
    return value.intValue();
  }

  static void write(Path directory, RunRecord run) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("model", run.model());
    RunRecord.Data data = run.data();
    if (data == null) {
      json.putNull("data");
    } else {
      json.putObject("data")
          .put("directory", data.directory().toString())
          .put("split", data.split())
          .put("images", data.samples())
          .put("checksum", data.checksum())
          .put("format", data.format())
          .put("val_share", data.valShare())
          .put("skip_bad_images", data.skipBadImages());
      data.labels().forEach(((ObjectNode) json.get("data")).putArray("labels")::add);
    }
    json.put("steps", run.steps());
    json.put("batch_size", run.batchSize());
    json.put("accumulate", run.accumulate());
    json.put("workers", run.workers());
    json.put("crop", run.crop());
    json.put("learning_rate", run.learningRate());
    json.put("schedule", run.schedule().name().toLowerCase(Locale.ROOT));
    json.put("power", run.power());
    json.put("warmup_steps", run.warmupSteps());
    json.put("seed", run.seed());
    json.put("precision", run.precision().toString());
    Path weights = run.weights();
    json.put("weights", weights == null ? null : weights.toString());
    json.put("skip_classifier", run.skipClassifier());
    ArrayNode classWeights = json.putArray("class_weights");
    run.classWeights().forEach(classWeights::add);
    RunRecord.Validation validation = run.validation();
    if (validation == null) {
      json.putNull("validation");
    } else {
      json.putObject("validation")
          .put("split", validation.split())
          .put("steps", validation.plan().steps())
          .put("milliseconds", validation.plan().every().toMillis())
          .put("patience", validation.plan().patience());
    }
    ObjectNode compiled = json.putObject("compiled");
    run.compiled().forEach(compiled::put);
    Path file = directory.resolve(NAME);
    try {
      DurableFile.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    } catch (IOException e) {
      throw WriteFailure.of("The record of the run " + file, e);
    }
  }
}
