package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

class DeviceTest {

  @Test
  void aSessionForTheCpuOpensNoGpu() {
    assertThat(Device.CPU.config(0).getDeviceCountOrThrow("GPU")).isZero();
    assertThat(Device.CPU.devices().getDeviceCountOrThrow("GPU")).isZero();
  }

  @Test
  void aSessionForAGpuOpensOneAndTakesMemoryAsItIsNeeded() {
    assertThat(Device.GPU.config(0).getDeviceCountMap()).isEmpty();
    assertThat(Device.GPU.config(0).getGpuOptions().getVisibleDeviceList()).isEqualTo("0");
    assertThat(Device.GPU.config(0).getGpuOptions().getAllowGrowth()).isTrue();
  }

  /**
   * Whatever the sessions before it had: for the parts of an operation, to hand out operations one
   * after the other, and to hand out several.
   */
  @Test
  @EnabledOnOs(OS.LINUX) // which lists the threads of a process
  void sessionHasTheThreadsOfItsConfiguration() throws IOException {
    NativeLibrary.load();
    for (int threads : new int[] {1, 5, 3}) {
      Set<Path> before = nativeThreads();
      try (Graph graph = new Graph();
          Session session = new Session(graph, Device.CPU.config(threads))) {
        session.runner().fetch(Ops.create(graph).constant(0)).run().close();
        Set<Path> started = nativeThreads();
        started.removeAll(before);
        assertThat(started).hasSize(threads + 1 + threads);
      }
    }
  }

  /** Threads that have the name of this one, as those have that native code starts in it. */
  private static Set<Path> nativeThreads() throws IOException {
    String own = name(Path.of("/proc/thread-self"));
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.filter(thread -> name(thread).equals(own)).collect(Collectors.toSet());
    }
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
