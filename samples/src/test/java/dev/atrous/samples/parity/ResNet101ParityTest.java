package dev.atrous.samples.parity;

import dev.atrous.samples.TorchvisionResNet101Model;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ResNet101ParityTest extends TorchvisionParity {
  ResNet101ParityTest(@TempDir Path folder) throws IOException {
    super("resnet101", new TorchvisionResNet101Model(), new ResNet101WithoutDropoutModel(), folder);
  }
}
