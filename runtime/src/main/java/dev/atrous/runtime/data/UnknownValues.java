package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says which values of a mask no rule names, and the rules that would take them. */
final class UnknownValues {
  private static final int SHOWN = 6;
  private static final int COUNTED = 1000;

  /** Where a value is first, and how often. */
  private record Place(int pixel, int count) {
    static Place add(Place known, Place other) {
      return new Place(known.pixel, known.count + other.count);
    }
  }

  private final Path file;
  private final StoredMask mask;
  private final LabelRules rules;
  private final Map<Integer, Place> places = new TreeMap<>(); // by value or colour

  private UnknownValues(Path file, StoredMask mask, LabelRules rules) {
    this.file = file;
    this.mask = mask;
    this.rules = rules;
    for (int pixel = 0; pixel < mask.pixels() && places.size() <= COUNTED; pixel++) {
      int value = mask.value(pixel);
      int ruled = rules.areColors() || mask.channels() == 3 ? mask.color(value) : value;
      if ((mask.channels() == 3 && !rules.areColors()) || rules.label(ruled) < 0) {
        places.merge(ruled, new Place(pixel, 1), Place::add);
      }
    }
  }

  /** Of a mask in colours, where the rules are for numbers. */
  static UnusableFile colorsForNumbers(Path file, StoredMask mask, LabelRules rules) {
    UnknownValues values = new UnknownValues(file, mask, rules);
    if (values.places.size() > COUNTED) {
      return new UnusableFile(
          "Mask %s has more than %d colours: it looks like a photo or an overlay"
              .formatted(file, COUNTED),
          "A mask holds one class number per pixel, as the index of a palette or as grey.");
    }
    return new UnusableFile(
        "Mask %s has %d colours in place of class numbers: %s"
            .formatted(file, values.places.size(), values.shown()),
        "Say which class each colour is, in a file with lines like '#804080 = 0' or '#000000 = ignore', and name it with --labels; the colours of PASCAL VOC and of Cityscapes are known as --labels voc-colors and cityscapes-colors.");
  }

  /** Of values that no rule names. */
  static UnusableFile of(Path file, StoredMask mask, LabelRules rules) {
    UnknownValues values = new UnknownValues(file, mask, rules);
    return rules.name().equals("numbers") ? values.greaterThanClasses() : values.withoutRule();
  }

  private UnusableFile greaterThanClasses() {
    int first = places.values().stream().mapToInt(Place::pixel).min().orElseThrow();
    String fact =
        "Mask %s has label %d at x=%d, y=%d, and labels up to %d"
            .formatted(
                file,
                mask.value(first),
                first % mask.width(),
                first / mask.width(),
                mask.greatest());
    if (mask.greatest() > LabelMap.VOID) {
      return new UnusableFile(
          fact,
          "Values above 255 are of 16 bits. If they are numbers of objects, or of more classes than the model has, say which class they are with --labels FILE and lines like '1000-1999 = 1' or '0 = ignore'.");
    }
    return new UnusableFile(
        fact,
        ("The model has %d classes: labels 0..%d, and 255 for pixels to ignore. Raise classes to"
                + " the greatest label and one, or map such labels to 255: --labels FILE with lines"
                + " like '%1$d = ignore'. Labels that begin with 1 are lowered by one with --labels"
                + " from-one; there 0 is ignored.")
            .formatted(rules.classes(), rules.classes() - 1));
  }

  private UnusableFile withoutRule() {
    Place first = places.values().stream().min(Comparator.comparingInt(Place::pixel)).orElseThrow();
    long count = places.values().stream().mapToLong(Place::count).sum();
    return new UnusableFile(
        "Mask %s has %s without a rule: %s; the first at x=%d, y=%d, %d of %d pixels in all; rules such as %s would take them"
            .formatted(
                file,
                rules.areColors() ? "colours" : "values",
                shown(),
                first.pixel() % mask.width(),
                first.pixel() / mask.width(),
                count,
                mask.pixels(),
                examples()),
        "Add lines to the rules (%s), or 'other = ignore' for all values that have none."
            .formatted(rules.name()));
  }

  private List<Integer> frequent() {
    return places.entrySet().stream()
        .sorted(Comparator.comparingInt(value -> -value.getValue().count()))
        .map(Map.Entry::getKey)
        .limit(SHOWN)
        .toList();
  }

  private String shown() {
    String shown = frequent().stream().map(this::text).collect(Collectors.joining(", "));
    return places.size() > SHOWN ? shown + ", ..." : shown;
  }

  private String examples() {
    List<Integer> values = frequent();
    String first = "'" + text(values.get(0)) + " = 0'";
    return values.size() == 1 ? first : first + ", '" + text(values.get(1)) + " = ignore'";
  }

  private String text(int value) {
    return mask.channels() == 3 || rules.areColors()
        ? "#%06x".formatted(value)
        : String.valueOf(value);
  }
}
