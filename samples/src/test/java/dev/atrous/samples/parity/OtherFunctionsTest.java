package dev.atrous.samples.parity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.weights.WeightImport;
import dev.atrous.runtime.weights.WeightSource;
import dev.atrous.samples.DeepLabV3ResNet50Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated models that torchvision's weights fit by name and shape, or nearly so, and that would
 * compute something else with them.
 */
class OtherFunctionsTest {
  private final Path file;

  OtherFunctionsTest(@TempDir Path directory) throws IOException {
    file = directory.resolve("deeplabv3.safetensors");
    byte[] header = "{}      ".getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(header.length).put(header).array());
  }

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of(
            new ImageFeaturesFirstModel(),
            """
            :
              imageFeatures is FIRST, the weights need @Conventions(imageFeatures = Conventions.ImageFeatures.LAST)
            Change the spec"""),
        Arguments.of(
            new OtherRatesModel(),
            """
            :
              the multi-grid is {1, 2, 4}, the weights need @AtrousCascade(multiGrid = {1, 1, 1})
              the rates of the pyramid are {12, 24, 36}, the weights need @ASPP(rates = {6, 12, 18})
            Change the spec"""),
        Arguments.of(
            new DeepLabV3ResNet50Model(),
            """
            :
              stride is LAST_3X3, the weights need @Conventions(stride = Conventions.Stride.FIRST_3X3)
              firstUnitRate is OF_BLOCK, the weights need @Conventions(firstUnitRate = Conventions.FirstUnitRate.OF_PREVIOUS_BLOCK)
              imageFeatures is FIRST,"""));
  }

  @ParameterizedTest
  @MethodSource("models")
  void anImportIsRefused(CompiledModel model, String differences) {
    assertThatThrownBy(() -> WeightImport.open(WeightSource.TORCHVISION, file, model, false))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith(model.description().name() + " would compute another function")
        .hasMessageContaining(file + differences);
  }
}
