package dev.atrous.samples;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.nio.file.Path;

/**
 * From nothing to a trained model: draws the shapes data set, trains {@link ShapesDeepLab} on it,
 * evaluates the result on images that it has not seen, and writes pictures of what it sees. The
 * commands are those that a user would type.
 */
public final class Quickstart {
  private static final int TRAIN_IMAGES = 800;
  private static final int VAL_IMAGES = 100;
  private static final long SEED = 1;

  private final Commands commands = new Commands();
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

  private int run() {
    Path data = directory.resolve("shapes");
    Path weights = directory.resolve("weights");
    Commands.delete(data);
    Commands.delete(weights);
    commands.out().printf("Drawing %d + %d images into %s%n", TRAIN_IMAGES, VAL_IMAGES, data);
    ShapesGenerator.generate(data, TRAIN_IMAGES, VAL_IMAGES, SEED);
    int code =
        commands.run(
            new ShapesDeepLabModel(),
            "train",
            "--data",
            data,
            "--output",
            weights,
            "--json",
            directory.resolve("train.json"));
    if (code != AtrousCli.OK) {
      return code;
    }
    return commands.run(
        new ShapesDeepLabModel(),
        "evaluate",
        "--data",
        data,
        "--weights",
        weights,
        "--output",
        directory.resolve("pictures"),
        "--json",
        directory.resolve("evaluate.json"));
  }
}
