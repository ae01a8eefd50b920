package dev.atrous.samples.parity;

import dev.atrous.samples.TorchvisionResNet50Model;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ResNet50ParityTest extends TorchvisionParity {
  ResNet50ParityTest(@TempDir Path folder) throws IOException {
    super("resnet50", new TorchvisionResNet50Model(), new ResNet50WithoutDropoutModel(), folder);
  }
}
