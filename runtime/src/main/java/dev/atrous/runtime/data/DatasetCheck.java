package dev.atrous.runtime.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;

/**
 * Everything about a split of a folder: each file decoded, what is wrong with it, what it holds.
 * Unlike {@link FolderDataset#open}, it goes on where a sample can't be used.
 */
public final class DatasetCheck {
  /**
   * A sample that can't be used.
   *
   * @param sample its name
   * @param fact what is wrong, with the file; a sentence without its full stop
   * @param advice what to do, the same for all of a kind, in whole sentences
   */
  public record Problem(String sample, String fact, String advice) {}

  private final FolderDataset data;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Integer> sizes = new TreeMap<>(); // "WxH"
  private final Map<String, String> contents = new ConcurrentHashMap<>(); // digest by name
  private final List<Sample> usable = new ArrayList<>();
  private final BandStatistics bandStatistics;
  private final LabelCounts counts;
  private final int samples;

  private DatasetCheck(
      Path root,
      String split,
      int classes,
      PixelFormat format,
      FolderDataset.Reading reading,
      ObjIntConsumer<Integer> progress) {
    List<Sample> readable = new ArrayList<>();
    AtomicInteger listed = new AtomicInteger();
    data =
        FolderDataset.open(
                root,
                split,
                classes,
                reading,
                (name, all, check) -> {
                  collect(all, check, readable);
                  listed.set((int) all.stream().distinct().count());
                })
            .withPixels(format);
    samples = listed.get();
    bandStatistics = new BandStatistics(format.bands());
    counts =
        data.decodeAll(
            (name, all, check) -> collect(readable, check, usable),
            this::decoded,
            done -> progress.accept(readable.size(), done));
  }

  /**
   * Checks a split.
   *
   * @param classes number of classes with background, 1..255
   * @param format of the images
   * @param progress is told how many images there are to decode and how many are done, by one
   *     thread at a time
   * @throws dev.atrous.runtime.AtrousException if there is no such split, or the folder shows no
   *     layout
   */
  public static DatasetCheck of(
      Path root,
      String split,
      int classes,
      PixelFormat format,
      FolderDataset.Reading reading,
      ObjIntConsumer<Integer> progress) {
    return new DatasetCheck(root, split, classes, format, reading, progress);
  }

  private void collect(List<Sample> all, Consumer<Sample> check, List<Sample> passed) {
    Map<Sample, UnusableFile> failed = SampleChecks.problems(all, check);
    failed.forEach(
        (sample, why) -> problems.add(new Problem(sample.id(), why.fact(), why.advice())));
    all.stream().distinct().filter(sample -> !failed.containsKey(sample)).forEach(passed::add);
  }

  /** Called by several threads. */
  private void decoded(Sample sample, LabelledImage image) {
    contents.put(sample.id(), digest(image.image()));
    bandStatistics.add(image.image());
    synchronized (sizes) {
      sizes.merge(image.image().width() + "x" + image.image().height(), 1, Integer::sum);
    }
  }

  private static String digest(Image image) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((image.width() + "x" + image.height()).getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(image.values()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The split: its name, its layout, its rules. Samples that can't be used are in it. */
  public FolderDataset data() {
    return data;
  }

  /** Number of samples, repeated ones counted once. */
  public int samples() {
    return samples;
  }

  /** Those that can't be used. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Whether all samples can be used, and there is a pixel to learn from. */
  public boolean isGood() {
    return problems.isEmpty() && !counts.present().isEmpty();
  }

  /** What the masks of the usable samples have. */
  public LabelCounts counts() {
    return counts;
  }

  /** What the bands of the usable images have. */
  public BandStatistics bands() {
    return bandStatistics;
  }

  /** How many images have a size, {@code WIDTHxHEIGHT}, the most frequent first. */
  public List<Map.Entry<String, Integer>> sizes() {
    return sizes.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
        .toList();
  }

  /**
   * The images that another split has too, pixel by pixel: their names here, and there.
   *
   * @param other of the same folder
   */
  public Map<String, String> sameImages(DatasetCheck other) {
    Map<String, String> theirs = new TreeMap<>();
    new TreeMap<>(other.contents).forEach((name, digest) -> theirs.putIfAbsent(digest, name));
    Map<String, String> same = new TreeMap<>();
    contents.forEach(
        (name, digest) -> {
          String there = theirs.get(digest);
          if (there != null) {
            same.put(name, there);
          }
        });
    return same;
  }

  /**
   * A picture of the first usable samples: images and their labels.
   *
   * @param most how many
   */
  public ContactSheet contactSheet(int most) {
    PixelFormat pixels = data.pixels();
    FolderDataset shown =
        data.withPixels(pixels.showing(bandStatistics.mean(), bandStatistics.scale()));
    ContactSheet sheet = new ContactSheet(data.labels().classColors(), "image", "labels");
    for (Sample sample : usable.subList(0, Math.min(most, usable.size()))) {
      LabelledImage image = shown.decode(sample);
      sheet.add(sample.id(), image.image(), image.labels());
    }
    return sheet;
  }
}
