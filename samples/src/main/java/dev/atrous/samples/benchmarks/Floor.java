package dev.atrous.samples.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How fast the work of {@code compare.py} could be at best on this machine if every convolution
 * were computed directly: the multiply-adds that meet the map and not the padding, at the best rate
 * of a large convolution. Whatever else is computed, and memory, are not in it. {@link
 * dev.atrous.runtime.kernel.Winograd}, which takes fewer, can go below it. On a machine with other
 * work the rate is too low and the floor too high.
 */
public final class Floor {
  private static final List<ConvolutionRate> LARGE =
      List.of(
          new ConvolutionRate(3, 65, 512),
          new ConvolutionRate(3, 129, 256),
          new ConvolutionRate(1, 65, 2048));
  private static final int RUNS = 10;
  private static final int TRAINING_BATCH = 2;
  private static final String AUXILIARY = "auxiliary/";

  private Floor() {}

  /**
   * Prints the floors.
   *
   * @param args {@code --json FILE} to write them to a file as well
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 0 && (args.length != 2 || !args[0].equals("--json"))) {
      System.err.println("error: the only option is --json FILE.");
      System.exit(2);
    }
    double rate = LARGE.stream().mapToDouble(large -> large.measure(RUNS)).max().orElseThrow();
    long step = TRAINING_BATCH * trainingStep(new TorchvisionResNet50At257Model().description());
    long image = inference(new TorchvisionResNet50At513Model().description());
    System.out.printf(Locale.ROOT, "convolutions reach %.1f G multiply-adds/s%n", rate / 1e9);
    print("train step, 2 x 257 x 257", step, rate);
    print("inference, 1 x 513 x 513", image, rate);
    if (args.length == 2) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("multiply_adds_per_s", rate);
      put(json.putObject("train"), step, rate);
      put(json.putObject("predict"), image, rate);
      Files.writeString(Path.of(args[1]), json.toPrettyString() + "\n");
    }
  }

  private static void print(String work, long multiplyAdds, double rate) {
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f G multiply-adds, at least %.3f s%n",
        work,
        multiplyAdds / 1e9,
        multiplyAdds / rate);
  }

  private static void put(ObjectNode json, long multiplyAdds, double rate) {
    json.put("multiply_adds", multiplyAdds).put("seconds", multiplyAdds / rate);
  }

  /** For one image: forward without the auxiliary head. */
  static long inference(ModelDescription model) {
    return model.layers().stream()
        .filter(layer -> !layer.name().startsWith(AUXILIARY))
        .mapToLong(Floor::valid)
        .sum();
  }

  /**
   * For one image: forward and the gradient of the filter, and the gradient of the input but for
   * the first convolution, whose input is the image. Each has a product for each weight that meets
   * the map.
   */
  static long trainingStep(ModelDescription model) {
    List<LayerDescription> layers = model.layers();
    return 3 * layers.stream().mapToLong(Floor::valid).sum() - valid(layers.get(0));
  }

  private static long valid(LayerDescription layer) {
    return Math.round(layer.multiplyAdds() * layer.validShare());
  }
}
