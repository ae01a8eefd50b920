package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingRecipe;
import java.util.List;
import java.util.Locale;

/** A description as JSON; docs/cli.md has its keys. */
final class DescriptionJson {
  private DescriptionJson() {}

  static ObjectNode of(ModelDescription model, List<ModelDescription> phases) {
    ObjectNode json = of(model);
    if (phases.size() > 1) {
      ArrayNode all = json.putArray("phases");
      phases.forEach(phase -> all.add(phase(phase)));
    }
    return json;
  }

  private static ObjectNode phase(ModelDescription phase) {
    ObjectNode json =
        JsonOutput.NODES
            .objectNode()
            .put("phase", phase.phase().number())
            .put("split", phase.phase().split())
            .put("crop", phase.crop())
            .put("output_stride", phase.outputStride());
    json.set("training", recipe(phase.training()));
    return json.put("parameter_bytes", phase.parameterBytes())
        .put("momentum_bytes", phase.momentumBytes())
        .put("activation_bytes", phase.activationBytes())
        .put("bfloat16_activation_bytes", phase.bfloat16ActivationBytes())
        .put("training_bytes", phase.trainingBytes())
        .put("bfloat16_training_bytes", phase.bfloat16TrainingBytes());
  }

  private static ObjectNode of(ModelDescription model) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.name());
    json.put("backbone", model.backbone());
    json.put("classes", model.classes());
    json.put("crop", model.crop());
    json.put("output_stride", model.outputStride());
    ArrayNode strides = json.putArray("output_strides");
    model.outputStrides().forEach(strides::add);
    json.set("training", recipe(model.training()));
    json.set("loss", loss(model.loss()));
    ObjectNode conventions = json.putObject("conventions");
    model
        .conventions()
        .values()
        .forEach((name, value) -> conventions.put(snakeCase(name), value.name()));
    ArrayNode inherited = json.putArray("inherited");
    model
        .inherited()
        .forEach(
            value ->
                inherited
                    .addObject()
                    .put("annotation", value.annotation())
                    .put("name", value.name())
                    .put("value", value.value())
                    .put("from", value.from()));
    json.put("bands", model.bands());
    json.put("bits", model.pixels().bits());
    ArrayNode mean = json.putArray("band_mean");
    model.pixels().mean().forEach(mean::add);
    ArrayNode deviation = json.putArray("band_deviation");
    model.pixels().deviation().forEach(deviation::add);
    json.put("parameters", model.parameters());
    json.put("multiply_adds", model.multiplyAdds());
    json.put("parameter_bytes", model.parameterBytes());
    json.put("momentum_bytes", model.momentumBytes());
    json.put("activation_bytes", model.activationBytes());
    json.put("bfloat16_activation_bytes", model.bfloat16ActivationBytes());
    json.put("training_bytes", model.trainingBytes());
    json.put("bfloat16_training_bytes", model.bfloat16TrainingBytes());
    ArrayNode layers = json.putArray("layers");
    model.layers().forEach(layer -> layers.add(layer(layer)));
    return json;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static ObjectNode recipe(TrainingRecipe recipe) {
    ObjectNode json =
        JsonOutput.NODES
            .objectNode()
            .put("batch_size", recipe.batchSize())
            .put("steps", recipe.steps())
            .put("learning_rate", recipe.learningRate())
            .put("schedule", recipe.optimization().schedule().name().toLowerCase(Locale.ROOT))
            .put("power", recipe.power())
            .put("warmup_steps", recipe.optimization().warmupSteps())
            .put("optimizer", recipe.optimization().optimizer().name().toLowerCase(Locale.ROOT))
            .put("momentum", recipe.momentum())
            .put("beta2", recipe.optimization().beta2())
            .put("clip_norm", recipe.optimization().clipNorm())
            .put("weight_decay", recipe.weightDecay())
            .put("min_scale", recipe.augmentation().minScale())
            .put("max_scale", recipe.augmentation().maxScale())
            .put("vertical_flip", recipe.augmentation().verticalFlip())
            .put("rotation", recipe.augmentation().rotation())
            .put("brightness", recipe.augmentation().brightness())
            .put("contrast", recipe.augmentation().contrast())
            .put("saturation", recipe.augmentation().saturation())
            .put("hue", recipe.augmentation().hue())
            .put("batch_norm", recipe.batchNorm().name().toLowerCase(Locale.ROOT))
            .put("batch_norm_decay", recipe.batchNormDecay());
    ArrayNode parts = json.putArray("parts");
    recipe
        .optimization()
        .parts()
        .forEach(
            part ->
                parts
                    .addObject()
                    .put("name", part.name())
                    .put("learning_rate", part.learningRate()));
    return json;
  }

  private static ObjectNode loss(LossRecipe loss) {
    ObjectNode json =
        JsonOutput.NODES
            .objectNode()
            .put("cross_entropy", loss.crossEntropy())
            .put("focal", loss.focal())
            .put("dice", loss.dice())
            .put("focal_gamma", loss.focalGamma());
    ArrayNode classWeights = json.putArray("class_weights");
    loss.classWeights().forEach(classWeights::add);
    return json;
  }

  private static ObjectNode layer(LayerDescription layer) {
    return JsonOutput.NODES
        .objectNode()
        .put("name", layer.name())
        .put("kernel", layer.kernel())
        .put("stride", layer.stride())
        .put("base_rate", layer.baseRate())
        .put("rate", layer.rate())
        .put("input_height", layer.inputHeight())
        .put("input_width", layer.inputWidth())
        .put("height", layer.height())
        .put("width", layer.width())
        .put("channels", layer.channels())
        .put("parameters", layer.parameters())
        .put("multiply_adds", layer.multiplyAdds())
        .put("valid_share", layer.validShare())
        .put("activation_bytes", layer.activationBytes())
        .put("bfloat16_activation_bytes", layer.bfloat16ActivationBytes());
  }
}
