package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.StepStats;

class TimelineTest {
  private static final String GPU = "/device:GPU:0/stream:all";
  private static final String HOST = "/job:localhost/replica:0/task:0/device:GPU:0";

  /** On a GPU the host only starts kernels: the times are those of the kernels, each once. */
  @Test
  void kernelsOfAGpuAreWhatIsSummed() {
    StepStats stats =
        StepStats.newBuilder()
            .addDevStats(
                DeviceStepStats.newBuilder()
                    .setDevice(HOST)
                    .addNodeStats(node("conv1/Conv2D", "conv1/Conv2D = Conv2D(x, w)", 5, 10))
                    .addNodeStats(node("cuStreamSynchronize", "", 20, 9000)))
            .addDevStats(
                DeviceStepStats.newBuilder()
                    .setDevice("/device:GPU:0/stream:13")
                    .addNodeStats(node("conv1/Conv2D:Conv2D", "", 7, 400)))
            .addDevStats(
                DeviceStepStats.newBuilder()
                    .setDevice(GPU)
                    .addNodeStats(node("conv1/Conv2D:Conv2D", "", 7, 400))
                    .addNodeStats(node("conv2/Conv2D:Conv2D", "", 500, 100))
                    .addNodeStats(node("relu/Relu:Relu", "", 700, 30)))
            .build();
    assertThat(Timeline.of(stats).byOperation())
        .isEqualTo(
            List.of(new Timeline.Total("Conv2D", 500e-6, 2), new Timeline.Total("Relu", 30e-6, 1)));
  }

  @Test
  void operationsOfACpuAre() {
    StepStats stats =
        StepStats.newBuilder()
            .addDevStats(
                DeviceStepStats.newBuilder()
                    .setDevice("/job:localhost/replica:0/task:0/device:CPU:0")
                    .addNodeStats(node("conv1/Conv2D", "conv1/Conv2D = Conv2D(x, w)", 5, 10)))
            .build();
    assertThat(Timeline.of(stats).byOperation())
        .isEqualTo(List.of(new Timeline.Total("Conv2D", 10e-6, 1)));
  }

  private static NodeExecStats node(String name, String label, long start, long micros) {
    return NodeExecStats.newBuilder()
        .setNodeName(name)
        .setTimelineLabel(label)
        .setAllStartMicros(start)
        .setOpEndRelMicros(micros)
        .build();
  }
}
