package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Platform;
import dev.atrous.runtime.tensorflow.WorkerProcesses.Worker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers are processes, on this host. */
@Tag("slow")
@Timeout(120)
class WorkerProbeTest {
  private final WorkerProcesses workers;

  WorkerProbeTest(@TempDir Path folder) {
    workers = new WorkerProcesses(folder);
  }

  @AfterEach
  void endAll() throws InterruptedException {
    workers.endAll();
  }

  /** As a rule at once; one that dies while the first sums are arranged, when time is up. */
  @Test
  void oneThatIsKilledIsNamed() throws Exception {
    List<String> addresses = WorkerGroup.freeAddresses(3);
    List<Worker> all = workers.startAll(addresses, "steps=100000", "timeout=15");
    for (Worker worker : all) {
      worker.awaitOutput("sum 6.0");
    }

    all.get(1).process().destroyForcibly(); // SIGKILL

    for (int rank : new int[] {0, 2}) {
      Worker worker = all.get(rank);
      assertThat(worker.end()).as(worker.output()).isEqualTo(3);
      assertThat(worker.output())
          .contains("fault: worker 1 (%s)".formatted(addresses.get(1)))
          .contains(" has ended, or can't be reached any more.");
    }
  }

  /** It still accepts connections, and TensorFlow says only that time is up. */
  @Test
  void oneThatIsStoppedIsNamed() throws Exception {
    assumeFalse(Platform.isWindows());
    List<String> addresses = WorkerGroup.freeAddresses(3);
    List<Worker> all = workers.startAll(addresses, "steps=100000", "timeout=15");
    for (Worker worker : all) {
      worker.awaitOutput("sum 6.0");
    }

    all.get(1).signal("STOP");

    for (int rank : new int[] {0, 2}) {
      Worker worker = all.get(rank);
      assertThat(worker.end()).as(worker.output()).isEqualTo(3);
      assertThat(worker.output())
          .contains("fault: worker 1 (%s) does not answer".formatted(addresses.get(1)));
    }
  }

  /** All are there, and one has nothing to add. */
  @Test
  void oneThatIsSlowIsNotSaidToBeGone() throws Exception {
    List<String> addresses = WorkerGroup.freeAddresses(2);
    Worker leader = workers.start(0, addresses, Map.of(), "steps=100000", "timeout=15");
    workers.start(1, addresses, Map.of(), "steps=1", "timeout=15", "rest=60");

    assertThat(leader.end()).as(leader.output()).isEqualTo(3);
    assertThat(leader.output()).contains("fault: All workers answer, but one was not there within");
  }

  @Test
  void theInnermostTextNamesWhoIsGone() {
    String quoted =
        """
        From /job:worker/replica:0/task:0:
        Collective ops is aborted by: Collective ops is aborted by: Socket closed
        Additional GRPC error information from remote target /job:worker/replica:0/task:3 while calling /tensorflow.WorkerService/RecvBuf:
        :{"description":"Error received from peer ipv4:10.0.0.3:22"}
        Additional GRPC error information from remote target /job:worker/replica:0/task:2 while calling /tensorflow.WorkerService/RecvBuf:
        """;
    assertThat(WorkerProbe.lost(quoted)).contains(3);
    assertThat(
            WorkerProbe.lost(
                "by peer\",\"grpc_message\":\"failed to connect to all addresses\\nAdditional GRPC error information from remote target /job:worker/replica:0/task:12 while"))
        .contains(12);
    assertThat(
            WorkerProbe.lost(
                "Collective has timed out during execution.\nAdditional GRPC error information from remote target /job:worker/replica:0/task:2 while calling"))
        .isEmpty();
  }
}
