package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.BACKBONE;
import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.VariableElement;

/** Reads {@code @Training(phases)}: what each phase has otherwise than the rest of the spec. */
final class PhasesReader {
  private static final String PHASES = TRAINING + ".phases";
  private static final String OUTPUT_STRIDE = "outputStride";
  private static final String SPLIT = "split";
  private static final String DEFAULT_SPLIT = "train";

  private final SpecReader reader;
  private final Findings findings;
  private final Diagnostics diagnostics;

  PhasesReader(SpecReader reader, Findings findings, Diagnostics diagnostics) {
    this.reader = reader;
    this.findings = findings;
    this.diagnostics = diagnostics;
  }

  /** Whether the training has any. */
  boolean hasPhases() {
    return !reader.annotations(PHASES).isEmpty();
  }

  /** The phases of a spec; itself if it has none. */
  PhasedSpec read(ModelSpec spec) {
    List<Map<String, Object>> all = reader.annotations(PHASES);
    if (all.isEmpty()) {
      return new PhasedSpec(List.of(new PhasedSpec.Phase(spec, DEFAULT_SPLIT)));
    }
    if (all.size() == 1) {
      findings.report(DiagnosticId.SINGLE_PHASE, place(0));
    }
    List<PhasedSpec.Phase> phases = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      phases.add(phase(spec, all.get(i), i));
      if (i > 0 && !diagnostics.hasErrors() && isSame(phases.get(i - 1), phases.get(i))) {
        findings.report(DiagnosticId.PHASE_LIKE_THE_ONE_BEFORE, place(i), i + 1);
      }
    }
    return new PhasedSpec(phases);
  }

  private static String place(int index) {
    return PHASES + "[" + index + "]";
  }

  private static boolean isSame(PhasedSpec.Phase before, PhasedSpec.Phase phase) {
    return before.split().equals(phase.split())
        && before.spec().training().equals(phase.spec().training())
        && before.spec().backbone().equals(phase.spec().backbone())
        && before.spec().crop() == phase.spec().crop();
  }

  private PhasedSpec.Phase phase(ModelSpec spec, Map<String, Object> written, int index) {
    String split = String.valueOf(written.getOrDefault(SPLIT, DEFAULT_SPLIT));
    if (split.isBlank()) {
      findings.report(DiagnosticId.PHASE_SPLIT, place(index), index + 1);
    }
    Origins origins = spec.origins().with(paths(written), place(index));
    int outputStride = integer(written, OUTPUT_STRIDE, spec.backbone().outputStride());
    boolean possible = spec.outputStrides().contains(outputStride);
    if (!possible && written.containsKey(OUTPUT_STRIDE)) {
      findings.report(
          DiagnosticId.PHASE_OUTPUT_STRIDE,
          place(index),
          index + 1,
          outputStride,
          OutputStrides.inWords(spec.outputStrides()));
    }
    ModelSpec.Training training = training(spec.training(), written);
    Findings ofPhase = new Findings(origins, diagnostics);
    new TrainingReader(reader, ofPhase).check(training, index == 0);
    Optional<ModelSpec.Pyramid> pyramid =
        possible ? spec.aspp().map(aspp -> at(outputStride, spec, aspp)) : spec.aspp();
    return new PhasedSpec.Phase(
        spec.trained(
            training,
            integer(written, "crop", spec.crop()),
            possible ? outputStride : spec.backbone().outputStride(),
            pyramid,
            origins),
        split);
  }

  /** The paths of the values that a phase writes, and of what is asked of each phase. */
  private static List<String> paths(Map<String, Object> written) {
    return Stream.concat(
            Stream.of(TRAINING + ".memoryBudget"),
            written.keySet().stream().map(PhasesReader::path))
        .toList();
  }

  private static String path(String member) {
    return switch (member) {
      case OUTPUT_STRIDE -> BACKBONE + ".outputStride";
      case "crop" -> SEGMENTATION_MODEL + ".crop";
      default -> TRAINING + "." + member;
    };
  }

  private static ModelSpec.Pyramid at(int outputStride, ModelSpec spec, ModelSpec.Pyramid pyramid) {
    return new ModelSpec.Pyramid(
        pyramid.form(),
        spec.scaledRates(outputStride).orElseThrow(),
        pyramid.imagePooling(),
        pyramid.filters(),
        pyramid.dropout());
  }

  private static ModelSpec.Training training(
      ModelSpec.Training training, Map<String, Object> written) {
    ModelSpec.Optimization all = training.optimization();
    return new ModelSpec.Training(
        integer(written, "batchSize", training.batchSize()),
        integer(written, "steps", training.steps()),
        written.get("learningRate") instanceof Double rate ? rate : training.learningRate(),
        training.power(),
        training.momentum(),
        training.weightDecay(),
        training.batchNormDecay(),
        training.augmentation(),
        written.get("batchNorm") instanceof VariableElement constant
            ? ModelSpec.Training.BatchNorm.valueOf(constant.getSimpleName().toString())
            : training.batchNorm(),
        training.memoryBudget(),
        new ModelSpec.Optimization(
            all.schedule(),
            integer(written, "warmupSteps", all.warmupSteps()),
            all.accumulate(),
            all.optimizer(),
            all.beta2(),
            all.clipNorm(),
            all.parts()));
  }

  private static int integer(Map<String, Object> written, String member, int otherwise) {
    return written.get(member) instanceof Integer value ? value : otherwise;
  }
}
