package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** Reads the classes of {@code @SegmentationModel}: how many there are, and their names. */
final class ClassesReader {
  static final String CLASSES = SEGMENTATION_MODEL + ".classes";
  private static final String NAMES = SEGMENTATION_MODEL + ".classNames";

  /** What data sets call what is none of their kinds of objects; in lower case, letters alone. */
  private static final List<String> BACKGROUND =
      List.of("background", "void", "unlabeled", "unlabelled", "other", "none");

  /** Data sets by their number of kinds of objects, without the background. */
  private static final Map<Integer, String> WITHOUT_BACKGROUND =
      Map.of(20, "PASCAL VOC", 80, "COCO");

  private final SpecReader reader;
  private final Findings findings;

  ClassesReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** Empty, with a finding, if nobody says it. */
  OptionalInt count() {
    if (!reader.isWritten(CLASSES)) {
      findings.report(DiagnosticId.CLASSES_MISSING, SEGMENTATION_MODEL, reader.whereLooked());
      return OptionalInt.empty();
    }
    int classes = reader.integer(CLASSES);
    if (classes < 2 || classes > 254) {
      findings.report(DiagnosticId.CLASSES_RANGE, CLASSES, classes);
    }
    return OptionalInt.of(classes);
  }

  /** One for each class, or none. */
  List<String> names(int classes) {
    List<String> names = reader.strings(NAMES).stream().map(String::strip).toList();
    if (names.isEmpty()) {
      checkCount(classes);
    } else {
      checkNames(names);
      checkBackground(names, classes);
    }
    return names;
  }

  private void checkCount(int classes) {
    String dataSet = WITHOUT_BACKGROUND.get(classes);
    if (dataSet != null) {
      findings.report(DiagnosticId.BACKGROUND_NOT_COUNTED, CLASSES, classes, dataSet, classes + 1);
    }
  }

  private void checkNames(List<String> names) {
    Map<String, Integer> labels = new HashMap<>();
    for (int label = 0; label < names.size(); label++) {
      String name = names.get(label);
      Integer other = labels.putIfAbsent(name.toLowerCase(Locale.ROOT), label);
      String path = NAMES + "[" + label + "]";
      if (name.isEmpty()) {
        findings.report(
            DiagnosticId.CLASS_NAME_UNUSABLE, path, "the name of class " + label + " is blank");
      } else if (other != null) {
        findings.report(
            DiagnosticId.CLASS_NAME_UNUSABLE,
            path,
            "class " + other + " and class " + label + " have the same name, '" + name + "'");
      }
    }
  }

  private void checkBackground(List<String> names, int classes) {
    boolean background = names.stream().anyMatch(ClassesReader::isBackground);
    if (names.size() != classes) {
      boolean left = !background && names.size() == classes - 1;
      findings.report(
          DiagnosticId.CLASS_NAMES_COUNT,
          NAMES,
          names.size(),
          classes,
          left ? " The background seems to be missing." : "");
    } else if (!background) {
      findings.report(DiagnosticId.BACKGROUND_NOT_NAMED, NAMES);
    }
  }

  private static boolean isBackground(String name) {
    return BACKGROUND.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
  }
}
