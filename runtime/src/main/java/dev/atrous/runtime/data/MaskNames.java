package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which masks are those of images in another folder: those of the same path and name; or with
 * something after the name, which begins with {@code _}, {@code -} or {@code .} and is the same for
 * all ({@code street_mask.png} for {@code street.jpg}); what all images have after theirs may be
 * left out ({@code street_image.jpg} and {@code street_mask.png}).
 */
final class MaskNames implements SplitFile.Masks {
  private static final int NAMED = 3;

  /** What images have at the end of their names and masks have in its place. */
  private record Suffixes(String image, String mask) {}

  private final Path images;
  private final Path masks;
  private final Map<String, Path> files; // of masks by path and name
  private final Suffixes suffixes;
  private final Set<String> used = new HashSet<>();

  private MaskNames(Path images, Path masks, Map<String, Path> files, Suffixes suffixes) {
    this.images = images;
    this.masks = masks;
    this.files = files;
    this.suffixes = suffixes;
  }

  /**
   * Looks at all names.
   *
   * @param images the folder of the images
   * @param masks the folder of the masks
   * @throws AtrousException if the images have masks of several kinds
   */
  static MaskNames of(Path images, Path masks) {
    Map<String, Path> files = new HashMap<>();
    for (Path mask : Folder.images(masks)) {
      files.merge(
          Folder.name(masks, mask),
          mask,
          (one, other) -> isPng(one) || !isPng(other) ? one : other);
    }
    List<String> names =
        Folder.images(images).stream().map(image -> Folder.name(images, image)).toList();
    String common = commonSuffix(names);
    Map<Suffixes, Integer> counts = count(names, common, new TreeSet<>(files.keySet()));
    int most = counts.values().stream().mapToInt(count -> count).max().orElse(0);
    List<Suffixes> best =
        counts.entrySet().stream()
            .filter(kind -> kind.getValue() == most)
            .map(Map.Entry::getKey)
            .sorted(Comparator.comparing(Suffixes::mask).thenComparing(Suffixes::image))
            .toList();
    if (best.size() > 1 && !best.get(0).mask().isEmpty()) {
      throw new AtrousException(
          "The images in %s have masks of several kinds in %s: names with '%s' and names with '%s' at their end. Leave one kind in the folder."
              .formatted(images, masks, best.get(0).mask(), best.get(1).mask()));
    }
    return new MaskNames(images, masks, files, best.isEmpty() ? new Suffixes("", "") : best.get(0));
  }

  private static boolean isPng(Path file) {
    return ImageFolder.suffix(String.valueOf(file.getFileName())).equals(Optional.of(".png"));
  }

  /** From the last mark on that all names have in common. */
  private static String commonSuffix(List<String> names) {
    String first = names.get(0);
    int at = start(first, first.length());
    String suffix = at < 0 ? "" : first.substring(at);
    return names.size() > 1 && names.stream().allMatch(name -> name.endsWith(suffix)) ? suffix : "";
  }

  /** The last mark before a place in the last part of a path; -1 if there is none. */
  private static int start(String name, int before) {
    for (int at = before - 1; at > name.lastIndexOf('/') + 1; at--) {
      if ("_-.".indexOf(name.charAt(at)) >= 0) {
        return at;
      }
    }
    return -1;
  }

  /** How many images have a mask, by the ends of the names. */
  private static Map<Suffixes, Integer> count(
      List<String> names, String common, NavigableSet<String> masks) {
    Map<Suffixes, Integer> counts = new HashMap<>();
    Set<String> left = common.isEmpty() ? Set.of("") : Set.of("", common);
    for (String name : names) {
      for (String end : left) {
        String base = name.substring(0, name.length() - end.length());
        for (String mask : masks.tailSet(base)) {
          if (!mask.startsWith(base)) {
            break;
          }
          String more = mask.substring(base.length());
          boolean same = !end.isEmpty() && more.startsWith(end); // as if nothing were left out
          if (more.isEmpty()
              || (!same && more.indexOf('/') < 0 && "_-.".indexOf(more.charAt(0)) >= 0)) {
            counts.merge(new Suffixes(end, more), 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }

  @Override
  public Path folder() {
    return masks;
  }

  @Override
  public Path of(String id, Path image) {
    String name = Folder.name(images, image);
    String base =
        name.endsWith(suffixes.image())
            ? name.substring(0, name.length() - suffixes.image().length())
            : name;
    String mask = base + suffixes.mask();
    used.add(mask);
    Path file = files.get(mask);
    return file != null ? file : masks.resolve(mask + ".png");
  }

  /** Masks without an image, once all images were asked for. */
  List<String> remarks() {
    List<Path> alone =
        new TreeMap<>(files)
            .entrySet().stream()
                .filter(mask -> !used.contains(mask.getKey()))
                .map(Map.Entry::getValue)
                .filter(Files::exists)
                .toList();
    if (alone.isEmpty()) {
      return List.of();
    }
    List<String> shown = new ArrayList<>();
    alone.stream().limit(NAMED).forEach(mask -> shown.add(mask.toString()));
    return List.of(
        "%d mask%s no image and %s left out (%s%s)."
            .formatted(
                alone.size(),
                alone.size() == 1 ? " has" : "s have",
                alone.size() == 1 ? "is" : "are",
                String.join(", ", shown),
                alone.size() > NAMED ? ", ..." : ""));
  }
}
