package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A split of a folder with images and masks, in one of the layouts that are known: PASCAL VOC,
 * Cityscapes, ADE20K, COCO, or two folders. Images and masks may have any format that is read, and
 * suffixes in upper or lower case; hidden files are passed over.
 *
 * <pre>{@code
 * FolderDataset data = FolderDataset.open(Path.of("VOC2012"), "train", 21);
 * }</pre>
 */
public final class FolderDataset implements Dataset {
  /** The rules for labels of a folder, where it has its own: a file of this name in it. */
  public static final String RULES_FILE = "label-rules.txt";

  /**
   * How a folder is read.
   *
   * @param format the name of its layout, one of {@link #formats}; null for the one that it shows
   * @param labels what the values of masks mean; null for the rules in the folder, or else what
   *     they mean in its layout
   * @param valShare which share of the images is for validation, 0..1, where nothing in the folder
   *     tells splits apart
   */
  public record Reading(@Nullable String format, @Nullable LabelRules labels, double valShare) {
    /** As the folder shows. */
    public static final Reading DEFAULT = new Reading(null, null, Shares.DEFAULT);

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException unless {@code 0 < valShare < 1}
     */
    public Reading {
      if (!(valShare > 0 && valShare < 1)) {
        throw new IllegalArgumentException(
            "The share of images for validation is " + valShare + "; it must be between 0 and 1.");
      }
    }
  }

  /** Of samples in the place of one that can't be used. */
  private static final int MOST_DRAWN = 1000;

  private final Path root;
  private final String split;
  private final Layouts.Choice layout;
  private final double valShare;
  private final List<String> remarks;
  private final LabelRules rules;
  private final List<Sample> samples;
  private final ImageSet images;
  private final @Nullable BadSamples bad;

  private FolderDataset(
      Path root,
      String split,
      Layouts.Choice layout,
      double valShare,
      List<String> remarks,
      LabelRules rules,
      List<Sample> samples,
      ImageSet images,
      @Nullable BadSamples bad) {
    this.root = root.toAbsolutePath().normalize();
    this.split = split;
    this.layout = layout;
    this.valShare = valShare;
    this.remarks = remarks;
    this.rules = rules;
    this.samples = samples;
    this.images = images;
    this.bad = bad;
  }

  /** The names of the layouts that are known. */
  public static List<String> formats() {
    return Layouts.names();
  }

  /**
   * The layout of a folder.
   *
   * @param format its name, where that is known; null for the one that the folder shows
   * @throws AtrousException if there is no such layout, no such folder, or it shows none
   */
  public static String format(Path root, @Nullable String format) {
    return Layouts.choose(root, format).layout().name();
  }

  /**
   * Opens a split as the folder shows it; see {@link #open(Path, String, int, Reading)}.
   *
   * @param root the folder
   * @param split its name: {@code train}, {@code val}, or another that the folder has
   * @param classes number of classes with background, 1..255
   */
  public static FolderDataset open(Path root, String split, int classes) {
    return open(root, split, classes, Reading.DEFAULT);
  }

  /**
   * Opens a split and checks that all of its files exist, that the headers of images and masks are
   * readable and that their sizes agree. No pixels are decoded; see {@link #validate}.
   *
   * @param root the folder
   * @param split its name: {@code train}, {@code val}, or another that the folder has
   * @param classes number of classes with background, 1..255
   * @param reading how the folder is read
   * @throws AtrousException if the folder, the split or a sample can't be used; the message names
   *     the first few files and their number
   */
  public static FolderDataset open(Path root, String split, int classes, Reading reading) {
    return open(root, split, classes, reading, SampleChecks::check, null);
  }

  /**
   * As the others, but samples that can't be used are no error, neither here nor later. They keep
   * their place: in it stands another one, drawn by the number of the place alone. So training
   * crops of the others are the same as if all could be used.
   *
   * @param bad is told those that can't be used
   * @throws AtrousException if the folder, the split or all of its samples can't be used
   */
  public static FolderDataset open(
      Path root, String split, int classes, Reading reading, BadSamples bad) {
    return open(root, split, classes, reading, bad::check, bad);
  }

  /** What becomes of samples whose files do not pass a check. */
  @FunctionalInterface
  interface Checking {
    void check(String name, List<Sample> samples, Consumer<Sample> check);
  }

  static FolderDataset open(
      Path root, String split, int classes, Reading reading, Checking checking) {
    return open(root, split, classes, reading, checking, null);
  }

  private static FolderDataset open(
      Path root,
      String split,
      int classes,
      Reading reading,
      Checking checking,
      @Nullable BadSamples bad) {
    if (classes < 1 || classes > LabelMap.VOID) {
      throw new IllegalArgumentException(classes + " classes are not in 1..255");
    }
    Layouts.Choice layout = Layouts.choose(root, reading.format());
    Layout.Listing listing = layout.layout().list(root, split, reading.valShare());
    LabelRules rules = rules(root, classes, listing, reading);
    List<Sample> samples = listing.samples(rules);
    Map<Path, ImageHeader> headers = new ConcurrentHashMap<>();
    checking.check(
        name(root, split),
        samples,
        sample -> headers.put(sample.image(), SampleChecks.header(sample, listing.source())));
    return new FolderDataset(
        root,
        split,
        layout,
        reading.valShare(),
        listing.remarks(rules),
        rules,
        samples,
        ImageSet.of(headers),
        bad);
  }

  /** What its images are read as. */
  public PixelFormat pixels() {
    return images.pixels();
  }

  /** Its images are read with such pixels; see {@link ImageSet#withPixels}. */
  @Override
  public FolderDataset withPixels(PixelFormat format) {
    return new FolderDataset(
        root, split, layout, valShare, remarks, rules, samples, images.withPixels(format), bad);
  }

  private static LabelRules rules(Path root, int classes, Layout.Listing listing, Reading reading) {
    LabelRules told = reading.labels();
    if (told != null) {
      if (told.classes() != classes) {
        throw new IllegalArgumentException(
            "rules for " + told.classes() + " classes, and a model with " + classes);
      }
      return told;
    }
    Path own = root.resolve(RULES_FILE);
    return Files.isRegularFile(own)
        ? LabelRules.read(own.toString(), classes, List.of())
        : listing.labels(classes);
  }

  private static String name(Path root, String split) {
    return root.toAbsolutePath().normalize().getFileName() + "/" + split;
  }

  /**
   * Decodes every image and every mask, in parallel, and checks that there is a rule for each value
   * of the masks. {@link #load} checks the same for one sample; this finds out before a long
   * training starts.
   *
   * @param progress is told the number of samples done, by one thread at a time
   * @return how often each label occurs; a sample that the split names twice counts once
   * @throws AtrousException naming the first few files that don't pass, and their number, or if all
   *     pixels are to be ignored
   * @throws dev.atrous.runtime.Interruption if the thread is interrupted meanwhile
   */
  public LabelCounts validate(IntConsumer progress) {
    LabelCounts counts =
        decodeAll(bad == null ? SampleChecks::check : bad::check, (sample, image) -> {}, progress);
    if (counts.present().isEmpty()) {
      throw new AtrousException(
          "Every pixel of the masks of data set %s is ignored: there is nothing to learn or to measure. Give the pixels of each class its number, 0..%d; or say what the values of the masks mean with --labels FILE."
              .formatted(name(), classes() - 1));
    }
    return counts;
  }

  /** Decodes every image for what its bands have; one that the split names twice counts once. */
  BandStatistics bandStatistics() {
    BandStatistics statistics = new BandStatistics(pixels().bands());
    decodeAll(
        bad == null ? SampleChecks::check : bad::check,
        (sample, image) -> statistics.add(image.image()),
        done -> {});
    return statistics;
  }

  /**
   * Decodes each sample once, in parallel.
   *
   * @param sink is given them, by several threads
   */
  LabelCounts decodeAll(
      Checking checking, BiConsumer<Sample, LabelledImage> sink, IntConsumer progress) {
    images.prepare();
    LabelCounts counts = new LabelCounts(classes());
    AtomicInteger done = new AtomicInteger();
    checking.check(
        name(),
        samples,
        sample -> {
          try {
            LabelledImage image = decode(sample, counts);
            counts.add(image.labels());
            sink.accept(sample, image);
          } finally {
            synchronized (done) {
              progress.accept(done.incrementAndGet());
            }
          }
        });
    return counts;
  }

  /**
   * {@inheritDoc}
   *
   * @throws AtrousException if an image or mask can't be decoded, their sizes differ or no rule
   *     names a value; the message names the file
   */
  @Override
  public LabelledImage load(int index) {
    if (bad != null) {
      return loadUsable(index, bad);
    }
    try {
      return decode(samples.get(index));
    } catch (UnusableFile e) {
      throw new AtrousException("Data set " + name() + ": " + e.getMessage(), e);
    }
  }

  /** That of a place, or of another one that its number alone chooses among those to be used. */
  private LabelledImage loadUsable(int index, BadSamples leftOut) {
    SplittableRandom random = new SplittableRandom(index);
    int place = index;
    for (int i = 0; i < MOST_DRAWN; i++) {
      Sample sample = samples.get(place);
      if (!leftOut.has(sample)) {
        try {
          return decode(sample);
        } catch (UnusableFile e) {
          leftOut.add(sample, e);
        }
      }
      place = random.nextInt(samples.size());
    }
    throw new AtrousException(
        "Data set %s: %d of %d samples can't be used, too many to leave them out. The last: %s"
            .formatted(
                name(),
                leftOut.all().size(),
                distinct(),
                leftOut.all().get(leftOut.all().size() - 1).problem()));
  }

  /** Decodes a sample, with an error that can be told together with others. */
  LabelledImage decode(Sample sample) {
    return decode(sample, null);
  }

  private LabelledImage decode(Sample sample, @Nullable LabelCounts counts) {
    Image image = images.decode(sample.image());
    Path file = sample.labels().file();
    LabelMap labels =
        sample
            .labels()
            .read(
                rules,
                mask -> {
                  if (counts != null && !rules.areColors()) {
                    counts.addPalette(file, mask);
                  }
                });
    if (image.width() != labels.width() || image.height() != labels.height()) {
      throw new UnusableFile(
          "The size of mask %s or of its image changed since the data set was opened"
              .formatted(file),
          "Start again.");
    }
    return new LabelledImage(image, labels);
  }

  /**
   * How many of its images another split lists, of the same folder or of another one: the files,
   * not what is in them. Only the lists are read.
   *
   * @throws AtrousException if there is no such folder or split any more
   */
  public int sharedWith(Path otherRoot, String otherSplit, Reading reading) {
    FolderDataset other = open(otherRoot, otherSplit, classes(), reading, (name, all, check) -> {});
    Set<Path> theirs = other.samples.stream().map(FolderDataset::file).collect(Collectors.toSet());
    return (int) samples.stream().map(FolderDataset::file).filter(theirs::contains).count();
  }

  private static Path file(Sample sample) {
    return sample.image().toAbsolutePath().normalize();
  }

  /** What is unusual about the folder or done to its images, in whole sentences. */
  public List<String> remarks() {
    List<String> all = new ArrayList<>(remarks);
    all.addAll(images.remarks());
    int repeated = samples.size() - distinct();
    if (repeated > 0) {
      all.add(
          "%d of the %d lines of split %s repeat an image; it counts as often as it stands there."
              .formatted(repeated, samples.size(), split));
    }
    return all;
  }

  @Override
  public String name() {
    return name(root, split);
  }

  @Override
  public int classes() {
    return rules.classes();
  }

  @Override
  public int size() {
    return samples.size();
  }

  /** Number of samples, repeated ones counted once. */
  public int distinct() {
    return new LinkedHashSet<>(samples).size();
  }

  @Override
  public String sampleName(int index) {
    return samples.get(index).id();
  }

  @Override
  public Optional<Path> file(int index) {
    return Optional.of(samples.get(index).image());
  }

  /** The folder, absolute. */
  public Path root() {
    return root;
  }

  /** The name of the split. */
  public String split() {
    return split;
  }

  /** The name of the layout. */
  public String format() {
    return layout.layout().name();
  }

  /** The layout and how it was recognised, in words: {@code PASCAL VOC (it has JPEGImages)}. */
  public String layout() {
    return layout.layout().title() + " (" + layout.reason() + ")";
  }

  /** Whether samples that can't be used are left out, and no error. */
  public boolean leavesOutBadSamples() {
    return bad != null;
  }

  /** Those of them that were found so far; none where they are an error. */
  public List<BadSamples.Bad> leftOut() {
    return bad == null ? List.of() : bad.all();
  }

  /** What the values of the masks mean. */
  public LabelRules labels() {
    return rules;
  }

  /** How to open the folder in the same way again. */
  public Reading reading() {
    return new Reading(format(), rules, valShare);
  }

  /**
   * Of the paths of images and masks in their order, relative to the folder: CRC-32 in
   * hexadecimals.
   */
  public String checksum() {
    CRC32 checksum = new CRC32();
    for (Sample sample : samples) {
      for (Path file : List.of(sample.image(), sample.labels().file())) {
        Path relative = root.relativize(file.toAbsolutePath().normalize());
        relative.forEach(
            name -> checksum.update(('/' + name.toString()).getBytes(StandardCharsets.UTF_8)));
        checksum.update('\n');
      }
    }
    return "%08x".formatted(checksum.getValue());
  }
}
