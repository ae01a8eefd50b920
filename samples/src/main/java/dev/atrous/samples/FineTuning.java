package dev.atrous.samples;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Fine-tunes a trained model for two classes of one's own: {@link RoundShapes} from the weights of
 * {@link ShapesDeepLab}, on few images. Rules say what the values of the masks mean for it; the
 * classifier starts from initial values; the training has two phases at two output strides.
 */
public final class FineTuning {
  private static final int TRAIN_IMAGES = 120;
  private static final int VAL_IMAGES = 60;
  private static final long SEED = 2;

  /** Disks (1) and rings (4) are round. */
  private static final String RULES =
      """
      0 = 0
      1 = 1
      2-3 = 0
      4 = 1
      5-6 = 0
      255 = ignore
      """;

  private final Commands commands = new Commands();
  private final Path directory;

  private FineTuning(Path directory) {
    this.directory = directory;
  }

  /**
   * Fine-tunes and evaluates.
   *
   * @param args the weights of the quickstart, and the directory to write to; what it held of an
   *     earlier fine-tuning is replaced
   */
  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: FineTuning WEIGHTS DIRECTORY");
      System.exit(AtrousCli.USAGE);
    }
    System.setProperty("java.awt.headless", "true");
    System.exit(new FineTuning(Path.of(args[1])).run(Path.of(args[0])));
  }

  private int run(Path trained) {
    Path data = directory.resolve("few-shapes");
    Path weights = directory.resolve("round-weights");
    Commands.delete(data);
    Commands.delete(weights);
    ShapesGenerator.generate(data, TRAIN_IMAGES, VAL_IMAGES, SEED);
    writeRules(data);
    int code =
        commands.run(
            new RoundShapesModel(),
            "train",
            "--data",
            data,
            "--weights",
            trained,
            "--skip-classifier",
            "--output",
            weights);
    return code == AtrousCli.OK
        ? commands.run(new RoundShapesModel(), "evaluate", "--data", data, "--weights", weights)
        : code;
  }

  /** Says what the values of a folder's masks mean for {@link RoundShapes}. */
  static void writeRules(Path data) {
    try {
      Files.writeString(data.resolve("label-rules.txt"), RULES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
