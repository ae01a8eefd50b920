package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.StepParts;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Where the operations of a step are placed. */
class TrainingGraphTest {
  private static final CompiledModel MODEL = new TinyModel();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void graphForGpuPlacesEveryOperationThere(boolean xla) {
    GraphDef graph = graph(Device.GPU, xla);
    List<String> elsewhere = new ArrayList<>();
    for (NodeDef node : graph.getNodeList()) {
      if (!node.getDevice().equals("/device:GPU:0")) {
        elsewhere.add(node.getName() + " (" + node.getOp() + ") on '" + node.getDevice() + "'");
      }
    }
    assertThat(graph.getNodeList()).hasSizeGreaterThan(200);
    assertThat(elsewhere).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void graphForCpuPlacesNothing(boolean xla) {
    assertThat(graph(Device.CPU, xla).getNodeList()).allMatch(node -> node.getDevice().isEmpty());
  }

  private static GraphDef graph(Device device, boolean xla) {
    NativeLibrary.load();
    TrainingOptions options = TrainingOptions.of(MODEL.description()).build();
    try (TrainingGraph graph =
        TrainingGraph.of(MODEL, options, TFloat32.class, device, xla, StepParts.ONE)) {
      return graph.graph().toGraphDef();
    }
  }
}
