package dev.atrous.samples;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * From nothing to a trained model: draws the shapes data set, trains {@link ShapesDeepLab} on it,
 * evaluates the result on images that it has not seen, and writes pictures of what it sees and a
 * report. The commands are those that a user would type.
 */
public final class Quickstart {
  private static final int TRAIN_IMAGES = 800;
  private static final int VAL_IMAGES = 100;
  private static final long SEED = 1;

  private final PrintWriter out = writer(System.out);
  private final PrintWriter err = writer(System.err);
  private final Path directory;

  private Quickstart(Path directory) {
    this.directory = directory;
  }

  /**
   * Runs the quickstart.
   *
   * @param args the directory to write to; what it held of an earlier quickstart is replaced
   */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: Quickstart DIRECTORY");
      System.exit(AtrousCli.USAGE);
    }
    System.setProperty("java.awt.headless", "true");
    System.exit(new Quickstart(Path.of(args[0])).run());
  }

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  private int run() {
    Path data = directory.resolve("shapes");
    Path weights = directory.resolve("weights");
    delete(data);
    delete(weights);
    out.printf("Drawing %d + %d images into %s%n", TRAIN_IMAGES, VAL_IMAGES, data);
    ShapesGenerator.generate(data, TRAIN_IMAGES, VAL_IMAGES, SEED);
    int code =
        command(
            "train",
            "--data",
            data,
            "--output",
            weights,
            "--json",
            directory.resolve("train.json"),
            "--report");
    if (code != AtrousCli.OK) {
      return code;
    }
    return command(
        "evaluate",
        "--data",
        data,
        "--weights",
        weights,
        "--output",
        directory.resolve("pictures"),
        "--report",
        directory.resolve("report"),
        "--json",
        directory.resolve("evaluate.json"));
  }

  private int command(Object... arguments) {
    List<String> line = Stream.of(arguments).map(String::valueOf).toList();
    out.printf("%n$ atrous %s%n", String.join(" ", line));
    return AtrousCli.execute(line.toArray(String[]::new), out, err, new ShapesDeepLabModel());
  }

  private static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
