package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads {@link LabelRules} from lines. */
final class LabelRulesText {
  static final String IGNORE = "ignore";
  static final String OTHER = "other";

  /** The names of rules that need no file. */
  static final List<String> KNOWN =
      List.of(
          "numbers",
          "from-one",
          "binary",
          "voc-colors",
          "cityscapes",
          "cityscapes-colors",
          "coco-voc");

  private static final Pattern COLOR = Pattern.compile("#([0-9a-fA-F]{6})");
  private static final Pattern COMMENT = Pattern.compile("#(?![0-9a-fA-F]{6}\\b\\s*[,=]).*|");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s*-\\s*(\\d{1,5})");
  private static final Pattern NUMBERED = Pattern.compile("(\\d{1,5})(?:\\s+(\\S.*))?");
  private static final int GREATEST = 0xffff;

  private final String name;
  private final int classes;
  private final List<String> classNames;

  private final Map<Integer, Integer> labels = new TreeMap<>();
  private final Map<Integer, String> names = new TreeMap<>();
  private int inOrder; // classes that have a name alone
  private boolean numbered; // whether others have a number
  private Optional<Boolean> colors = Optional.empty();
  private Optional<Integer> others = Optional.empty();

  /**
   * @param name of the rules, for messages
   * @param classNames of the spec, or none
   */
  LabelRulesText(String name, int classes, List<String> classNames) {
    this.name = name;
    this.classes = classes;
    this.classNames = classNames;
  }

  static LabelRules read(String fileOrName, int classes, List<String> classNames) {
    LabelRulesText lines = new LabelRulesText(fileOrName, classes, classNames);
    Optional<Path> file = file(fileOrName);
    if (file.isPresent()) {
      return lines.parse(content(file.get()));
    }
    if (!KNOWN.contains(fileOrName)) {
      throw new AtrousException(
          "There is no file %s with rules for labels, nor are there rules of that name; those that there are: %s."
              .formatted(fileOrName, String.join(", ", KNOWN)));
    }
    return lines.parse(known(fileOrName, classes));
  }

  private static Optional<Path> file(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new AtrousException("The rules " + file + " are not text in UTF-8.", e);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException("The rules " + file + " can't be read: " + e + ".", e);
    }
  }

  private static String known(String name, int classes) {
    return switch (name) {
      case "numbers" -> LabelRules.numbers(classes).text();
      case "from-one" -> "0, 255 = ignore\n1-%d = 0-%d".formatted(classes, classes - 1);
      case "binary" -> "0 = 0\n255 = 1";
      case "voc-colors" ->
          IntStream.range(0, classes)
              .mapToObj(label -> "#%06x = %d%n".formatted(Palette.rgb(label), label))
              .collect(Collectors.joining("", "", "#e0e0c0 = ignore"));
      default -> resource(name);
    };
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            LabelRulesText.class.getResourceAsStream("labels/" + name + ".txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LabelRules parse(String text) {
    String[] lines = text.split("\\R", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replace("\uFEFF", "").strip();
      if (!COMMENT.matcher(line).matches()) {
        try {
          rule(line);
        } catch (IllegalArgumentException e) {
          throw new AtrousException(
              "%s, line %d '%s': %s".formatted(name, i + 1, line, e.getMessage()), e);
        }
      }
    }
    if (labels.isEmpty()) {
      throw new AtrousException(
          name + " has no rule. A line is like '1-20 = 0-19', '255 = ignore' or '#804080 = 3'.");
    }
    return new LabelRules(name, classes, colors.orElse(false), labels, others, names);
  }

  private void rule(String line) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException(
          "it has no '='. A rule is like '7 = 0', '1-20 = 0-19', '#804080 = 3' or '255 = ignore'.");
    }
    String values = line.substring(0, equals).strip();
    String meaning = line.substring(equals + 1).strip();
    Matcher to = RANGE.matcher(meaning);
    if (to.matches()) {
      shift(values, number(to.group(1)), number(to.group(2)));
      return;
    }
    int label = label(meaning);
    if (values.equals(OTHER)) {
      if (others.isPresent()) {
        throw new IllegalArgumentException("there is a rule for all others already.");
      }
      others = Optional.of(label);
      return;
    }
    for (String value : values.split(",", -1)) {
      Matcher range = RANGE.matcher(value.strip());
      if (range.matches()) {
        for (int one = number(range.group(1)); one <= end(range); one++) {
          add(one, false, label);
        }
      } else {
        one(value.strip(), label);
      }
    }
  }

  private void one(String value, int label) {
    Matcher color = COLOR.matcher(value);
    if (color.matches()) {
      add(Integer.parseInt(color.group(1), 16), true, label);
    } else if (value.matches("\\d{1,5}")) {
      add(number(value), false, label);
    } else {
      throw new IllegalArgumentException(
          "'%s' is no value: a number, numbers such as 1-20, or a colour such as #804080."
              .formatted(value));
    }
  }

  private static int end(Matcher range) {
    int first = number(range.group(1));
    int last = number(range.group(2));
    if (first > last) {
      throw new IllegalArgumentException("%d is more than %d.".formatted(first, last));
    }
    return last;
  }

  private void shift(String values, int first, int last) {
    Matcher from = RANGE.matcher(values);
    if (!from.matches() || end(from) - number(from.group(1)) != last - first) {
      throw new IllegalArgumentException(
          "to become %d-%d, values must be as many, such as %d-%d."
              .formatted(first, last, first + 1, last + 1));
    }
    for (int i = 0; i <= last - first; i++) {
      add(number(from.group(1)) + i, false, numbered(first + i));
    }
  }

  private static int number(String digits) {
    int number = Integer.parseInt(digits);
    if (number > GREATEST) {
      throw new IllegalArgumentException(digits + " is more than " + GREATEST + ".");
    }
    return number;
  }

  private void add(int value, boolean isColor, int label) {
    if (colors.isPresent() && colors.get() != isColor) {
      throw new IllegalArgumentException(
          "some rules are for numbers and some for colours: masks are read as one or the other.");
    }
    colors = Optional.of(isColor);
    Integer before = labels.put(value, label);
    if (before != null && before != label) {
      throw new IllegalArgumentException(
          "%s has a rule already, by which it is %s."
              .formatted(
                  isColor ? "#%06x".formatted(value) : String.valueOf(value),
                  before == LabelMap.VOID ? "ignored" : "class " + before));
    }
  }

  private int label(String meaning) {
    if (meaning.equals(IGNORE)) {
      return LabelMap.VOID;
    }
    Matcher number = NUMBERED.matcher(meaning);
    if (number.matches()) {
      int label = numbered(number(number.group(1)));
      if (number.group(2) != null) {
        names.put(label, number.group(2));
      }
      return label;
    }
    if (meaning.isEmpty()) {
      throw new IllegalArgumentException("it does not say what the values mean.");
    }
    int label = classNames.isEmpty() ? inOrder(meaning) : classNames.indexOf(meaning);
    if (label < 0) {
      throw new IllegalArgumentException(
          "the model has no class '%s'; it has %s. Write a number before a new name."
              .formatted(meaning, String.join(", ", classNames)));
    }
    names.put(checked(label), meaning);
    return label;
  }

  /** The class that has a name already, or its place among names without a number. */
  private int inOrder(String className) {
    for (Map.Entry<Integer, String> known : names.entrySet()) {
      if (known.getValue().equals(className)) {
        return known.getKey();
      }
    }
    if (numbered) {
      throw new IllegalArgumentException(
          "other lines have numbers of classes: write one before '%s'.".formatted(className));
    }
    return inOrder++;
  }

  private int numbered(int label) {
    if (inOrder > 0) {
      throw new IllegalArgumentException(
          "other lines have names of classes without a number: write numbers before all of them.");
    }
    numbered = true;
    return checked(label);
  }

  private int checked(int label) {
    if (label >= classes) {
      throw new IllegalArgumentException(
          "the model has %d classes, 0 to %d, and none is %d."
              .formatted(classes, classes - 1, label));
    }
    return label;
  }
}
