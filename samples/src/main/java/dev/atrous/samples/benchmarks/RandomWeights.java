package dev.atrous.samples.benchmarks;

import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.samples.TorchvisionResNet50Model;
import java.nio.file.Path;

/** Writes random weights, so that a prediction starts from a file as a user's does. */
public final class RandomWeights {
  private RandomWeights() {}

  /**
   * Writes a checkpoint of {@link dev.atrous.samples.TorchvisionResNet50}.
   *
   * @param args the directory to write to
   */
  public static void main(String[] args) {
    InitialCheckpoint.write(new TorchvisionResNet50Model().parameters(), Path.of(args[0]), 1);
  }
}
