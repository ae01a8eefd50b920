package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which class the values or colours of masks mean, or that they are ignored. Rules are lines of
 * text, each with values and what they mean:
 *
 * <pre>
 * # in masks    the class
 * 0           = ignore
 * 1-150       = 0-149          one class after the other
 * 151, 160-163 = 2 vehicle     several values are one class; its name is for reports
 * </pre>
 *
 * <p>Values are numbers, 0 to 65535: grey values, or indices of a palette, whatever its colours. Or
 * they are colours, {@code #804080}, of the pixels or of the palette; not both in one text. What
 * they mean is a class, by its number, 0..classes-1, with or without a name; or by its name alone;
 * or {@code ignore}. Names alone are those of the spec, or, where it has none, those of classes 0,
 * 1, ... in the order in which they come. {@code other = ...} is for all values that no other line
 * has; without it, such values are an error.
 */
public final class LabelRules {
  private final String name;
  private final int classes;
  private final boolean colors;
  private final SortedMap<Integer, Integer> labels; // by value or colour
  private final Optional<Integer> others;
  private final SortedMap<Integer, String> names; // by class

  /**
   * @param name what the rules are called in messages
   * @param labels by value or colour, classes and {@link LabelMap#VOID}
   * @param others what all other values mean
   * @param names of classes, as far as they have one
   */
  LabelRules(
      String name,
      int classes,
      boolean colors,
      Map<Integer, Integer> labels,
      Optional<Integer> others,
      Map<Integer, String> names) {
    this.name = name;
    this.classes = classes;
    this.colors = colors;
    this.labels = new TreeMap<>(labels);
    this.others = others;
    this.names = new TreeMap<>(names);
  }

  /** Values are the numbers of classes, 0..classes-1, and 255 is ignored. */
  public static LabelRules numbers(int classes) {
    SortedMap<Integer, Integer> labels = new TreeMap<>();
    for (int label = 0; label < classes; label++) {
      labels.put(label, label);
    }
    labels.put(LabelMap.VOID, LabelMap.VOID);
    return new LabelRules("numbers", classes, false, labels, Optional.empty(), Map.of());
  }

  /**
   * Reads rules.
   *
   * @param fileOrName a file, or the name of rules that are known: see {@link LabelRulesText#KNOWN}
   * @param classes of the model
   * @param classNames of the model, one for each class, or none
   * @throws AtrousException if there are no such rules, or a line is none; the message names it
   */
  public static LabelRules read(String fileOrName, int classes, List<String> classNames) {
    return LabelRulesText.read(fileOrName, classes, classNames);
  }

  /**
   * Rules from the text of {@link #text}.
   *
   * @param name for messages
   * @throws AtrousException if a line is no rule
   */
  public static LabelRules parse(String name, String text, int classes) {
    return new LabelRulesText(name, classes, List.of()).parse(text);
  }

  /** What the rules are called. */
  public String name() {
    return name;
  }

  /** Number of classes of the model. */
  int classes() {
    return classes;
  }

  boolean areColors() {
    return colors;
  }

  /** The names of the classes, if all have one; else none. */
  public List<String> classNames() {
    return names.size() == classes ? List.copyOf(names.values()) : List.of();
  }

  /** The rules as lines, which {@link #parse} reads. Equal rules have equal lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    labels.forEach((value, label) -> text.append(line(shown(value), label)));
    others.ifPresent(label -> text.append(line(LabelRulesText.OTHER, label)));
    return text.toString();
  }

  private String line(String value, int label) {
    String meaning =
        label == LabelMap.VOID
            ? LabelRulesText.IGNORE
            : (label + " " + names.getOrDefault(label, "")).strip();
    return value + " = " + meaning + "\n";
  }

  private String shown(int value) {
    return colors ? "#%06x".formatted(value) : String.valueOf(value);
  }

  /**
   * The classes of a mask.
   *
   * @param file for messages
   * @throws UnusableFile for values without a rule: which, where, how many, and the rule that would
   *     take them
   */
  LabelMap apply(StoredMask stored, Path file) {
    StoredMask mask = colors ? stored : stored.withoutEqualColors();
    if (!colors && mask.channels() == 3) {
      throw UnknownValues.colorsForNumbers(file, mask, this);
    }
    byte[] result = new byte[mask.pixels()];
    boolean known = mask.channels() == 1 ? bytes(mask, result) : values(mask, result);
    if (!known) {
      throw UnknownValues.of(file, mask, this);
    }
    return new LabelMap(mask.width(), mask.height(), result);
  }

  private boolean bytes(StoredMask mask, byte[] result) {
    int[] table = new int[256];
    Arrays.setAll(table, value -> label(colors ? mask.color(value) : value));
    boolean known = true;
    byte[] values = mask.bytes();
    for (int i = 0; i < result.length; i++) {
      int label = table[Byte.toUnsignedInt(values[i])];
      known &= label >= 0;
      result[i] = (byte) label;
    }
    return known;
  }

  private boolean values(StoredMask mask, byte[] result) {
    boolean known = true;
    int value = -1;
    int label = -1;
    for (int i = 0; i < result.length; i++) {
      int here = mask.value(i);
      if (here != value) { // most pixels are as the one before
        value = here;
        label = label(colors ? mask.color(here) : here);
      }
      known &= label >= 0;
      result[i] = (byte) label;
    }
    return known;
  }

  /** The class of a value or colour, {@link LabelMap#VOID}, or -1 if no rule says. */
  int label(int value) {
    Integer label = labels.get(value);
    return label != null ? label : others.orElse(-1);
  }

  /**
   * What a mask has for each class that reads as that class again: the value or colour of a rule;
   * of several, the least.
   */
  public MaskValues values() {
    int[] values = leastValues();
    return colors ? MaskValues.colors(name, values) : MaskValues.numbers(name, values);
  }

  /** The value or colour of each label, of several the least; -1 for none. */
  private int[] leastValues() {
    int[] values = new int[256];
    Arrays.fill(values, -1);
    for (Map.Entry<Integer, Integer> rule : labels.entrySet()) {
      if (values[rule.getValue()] < 0) {
        values[rule.getValue()] = rule.getKey();
      }
    }
    return values;
  }

  /** The colours of the rules, of several the least; of classes without one, PASCAL VOC's. */
  public ClassColors classColors() {
    return colors ? new ClassColors(leastValues()) : ClassColors.VOC;
  }
}
