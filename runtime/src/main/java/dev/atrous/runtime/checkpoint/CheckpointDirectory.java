package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      throw new AtrousException("The state file " + file + " can't be read: " + e, e);
    }
  }

  /**
   * Adds the checkpoint of a step.
   *
   * @param writer writes the files of the prefix that it is given
   * @return the prefix
   * @throws AtrousException if the disk does not take it; the checkpoints before it remain
   */
  public Path add(long step, Consumer<Path> writer) {
    String name = "model-" + step;
    Path prefix = directory.resolve(name);
    writer.accept(prefix);
    try {
      DurableFile.force(directory.resolve(name + ".index"));
      DurableFile.force(directory.resolve(name + ".data-00000-of-00001"));
      List<String> names = names();
      names.remove(name);
      names.add(name);
      List<String> kept = names.subList(Math.max(0, names.size() - keep), names.size());
      writeState(kept);
      deleteOthers(kept);
    } catch (IOException e) {
      throw new AtrousException(
          "The checkpoint of step " + step + " could not be written to " + directory + ": " + e, e);
    }
    return prefix;
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
