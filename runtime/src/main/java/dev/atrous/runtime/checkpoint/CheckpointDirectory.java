package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.WriteFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one training run. Each is written to files of its own, {@code
 * model-<step>.index} and {@code model-<step>.data-00000-of-00001}; then TensorFlow's state file,
 * {@code checkpoint}, is replaced by one that names it; then the oldest are deleted. A crash at any
 * moment leaves the last complete checkpoint as the one that the state file names.
 */
public final class CheckpointDirectory {
  private static final Logger log = LoggerFactory.getLogger(CheckpointDirectory.class);
  private static final String STATE = "checkpoint";
  private static final Pattern NEWEST =
      Pattern.compile("^model_checkpoint_path:\\s*\"([^\"]+)\"", Pattern.MULTILINE);
  private static final Pattern ALL =
      Pattern.compile("^all_model_checkpoint_paths:\\s*\"([^\"]+)\"", Pattern.MULTILINE);
  private static final Pattern OURS = Pattern.compile("model-\\d+");

  private final Set<String> damaged = new HashSet<>();
  private final Path directory;
  private final int keep;

  /**
   * Creates the directory where it does not exist.
   *
   * @param keep how many checkpoints to keep, at least 1
   * @throws AtrousException if it can't be created or written
   */
  public CheckpointDirectory(Path directory, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("keep is " + keep);
    }
    this.directory = directory;
    this.keep = keep;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new AtrousException("The output directory " + directory + " can't be created: " + e, e);
    }
    if (!Files.isWritable(directory)) {
      throw new AtrousException(
          "The output directory "
              + directory
              + " can't be written. Change its permissions or choose another.");
    }
  }

  /**
   * The newest checkpoint whose files are whole, and why those after it were passed over.
   *
   * @param passedOver what is wrong with newer ones, in words, the newest first
   */
  public record Intact(Checkpoint checkpoint, List<String> passedOver) {
    /** The steps done at the checkpoint. */
    public long step() {
      return CheckpointDirectory.step(String.valueOf(checkpoint.prefix().getFileName()));
    }
  }

  /**
   * The newest checkpoint whose files are whole: all of it is read. Damaged ones that are newer are
   * no longer counted, and deleted by the next {@link #add}.
   *
   * @return empty if there is no checkpoint
   * @throws AtrousException if there are checkpoints, and all are damaged
   */
  public Optional<Intact> newestIntact() {
    List<String> passedOver = new ArrayList<>();
    for (Path prefix : prefixes(passedOver)) {
      try {
        Checkpoint checkpoint = Checkpoint.read(prefix);
        checkpoint.verify();
        return Optional.of(new Intact(checkpoint, List.copyOf(passedOver)));
      } catch (AtrousException e) {
        passedOver.add(String.valueOf(e.getMessage()));
        damaged.add(String.valueOf(prefix.getFileName()));
      }
    }
    if (passedOver.isEmpty()) {
      return Optional.empty();
    }
    throw new AtrousException(
        "The run in "
            + directory
            + " can't be resumed: none of its checkpoints can be read.\n"
            + String.join("\n", passedOver));
  }

  /** The checkpoints that the state file names, or else those that there are; the newest first. */
  private List<Path> prefixes(List<String> problems) {
    List<Path> prefixes = new ArrayList<>();
    if (!hasState()) {
      return prefixes;
    }
    List<String> names = names();
    if (names.isEmpty()) {
      problems.add(
          "The state file "
              + directory.resolve(STATE)
              + " is damaged: it names no checkpoint. The files in the directory say which there"
              + " are.");
      return inFiles(directory);
    }
    names.forEach(name -> prefixes.add(0, directory.resolve(name)));
    return prefixes;
  }

  /** The checkpoints of this class in a directory, whatever its state file says; newest first. */
  static List<Path> inFiles(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".index"))
          .map(name -> name.substring(0, name.length() - ".index".length()))
          .filter(name -> OURS.matcher(name).matches())
          .sorted(Comparator.comparingLong(CheckpointDirectory::step).reversed())
          .map(directory::resolve)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static long step(String name) {
    try {
      return Long.parseLong(name.substring(name.indexOf('-') + 1));
    } catch (NumberFormatException e) { // longer than a long
      return Long.MAX_VALUE;
    }
  }

  /** Whether there is a state file, as a run writes it with its first checkpoint. */
  public boolean hasState() {
    return Files.isRegularFile(directory.resolve(STATE));
  }

  /** The prefix of the newest complete checkpoint. */
  public Optional<Path> newest() {
    return newest(directory);
  }

  /**
   * The prefix that the state file of a directory names as the newest; empty without a state file.
   *
   * @throws AtrousException if the state file can't be read or names none
   */
  static Optional<Path> newest(Path directory) {
    Path file = directory.resolve(STATE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Matcher path = NEWEST.matcher(readState(file));
    if (!path.find()) {
      throw new AtrousException(
          "The state file " + file + " names no checkpoint: it has no model_checkpoint_path.");
    }
    return Optional.of(directory.resolve(path.group(1)));
  }

  private static String readState(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException("The state file " + file + " can't be read: " + e, e);
    }
  }

  /** What the checkpoint of a step is called: the last name of its prefix. */
  public static String name(long step) {
    return "model-" + step;
  }

  /**
   * Adds the checkpoint of a step, or replaces it: meanwhile it is no longer named.
   *
   * @param writer writes the files of the prefix that it is given
   * @return the prefix
   * @throws AtrousException if the disk does not take it; the checkpoints before it remain
   */
  public Path add(long step, Consumer<Path> writer) {
    String name = name(step);
    Path prefix = directory.resolve(name);
    try {
      forget(name);
      writer.accept(prefix);
    } catch (RuntimeException e) {
      deleteIncomplete();
      throw e;
    }
    try {
      DurableFile.force(directory.resolve(name + ".index"));
      DurableFile.force(directory.resolve(name + ".data-00000-of-00001"));
      List<String> names = names();
      names.removeAll(damaged);
      names.remove(name);
      names.add(name);
      List<String> kept = names.subList(Math.max(0, names.size() - keep), names.size());
      writeState(kept);
      deleteOthers(kept);
    } catch (IOException e) {
      throw WriteFailure.of("The checkpoint of step " + step + " in " + directory, e);
    }
    return prefix;
  }

  /** Takes a checkpoint whose files will change out of the state file. */
  private void forget(String name) {
    List<String> names = names();
    if (names.remove(name)) {
      try {
        if (names.isEmpty()) {
          Files.delete(directory.resolve(STATE));
        } else {
          writeState(names);
        }
      } catch (IOException e) {
        throw WriteFailure.of("The state file of " + directory, e);
      }
    }
  }

  /** What is left of a checkpoint that could not be written, which may have filled the disk. */
  private void deleteIncomplete() {
    try {
      deleteOthers(names());
    } catch (IOException | AtrousException e) {
      log.debug("files of an incomplete checkpoint remain", e);
    }
  }

  /** The checkpoints in the state file, oldest first. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    Path file = directory.resolve(STATE);
    if (Files.isRegularFile(file)) {
      Matcher path = ALL.matcher(readState(file));
      while (path.find()) {
        names.add(path.group(1));
      }
    }
    return names;
  }

  private void writeState(List<String> names) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("model_checkpoint_path: \"").append(names.get(names.size() - 1)).append("\"\n");
    for (String name : names) {
      text.append("all_model_checkpoint_paths: \"").append(name).append("\"\n");
    }
    DurableFile.write(directory.resolve(STATE), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Deletes the files of all other checkpoints of this class, half-written ones included. */
  private void deleteOthers(List<String> kept) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        String checkpoint = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        if (OURS.matcher(checkpoint).matches() && !kept.contains(checkpoint)) {
          Files.delete(file);
          log.debug("deleted {}", file);
        }
      }
    }
  }
}
