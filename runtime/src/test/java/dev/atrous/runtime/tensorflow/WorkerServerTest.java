package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.tensorflow.WorkerProcesses.Worker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers are processes, on this host. */
@Timeout(120)
class WorkerServerTest {
  private final WorkerProcesses workers;

  WorkerServerTest(@TempDir Path folder) {
    workers = new WorkerProcesses(folder);
  }

  @AfterEach
  void endAll() throws InterruptedException {
    workers.endAll();
  }

  @Test
  void threeWorkersAddUp() throws Exception {
    List<String> addresses = WorkerGroup.freeAddresses(3);

    List<Worker> all = workers.startAll(addresses, "steps=3");

    for (Worker worker : all) {
      assertThat(worker.end()).as(worker.output()).isZero();
      assertThat(worker.output()).contains("sum 6.0");
    }
  }

  /** Whoever comes last; and the environment may name a proxy that knows nobody here. */
  @Test
  void theOthersWaitForOneThatIsLate() throws Exception {
    List<String> addresses = WorkerGroup.freeAddresses(2);
    Map<String, String> proxy = Map.of("http_proxy", "http://127.0.0.1:9");
    Worker second = workers.start(1, addresses, proxy, "steps=1");
    TimeUnit.SECONDS.sleep(3);
    assertThat(second.process().isAlive()).as(second.output()).isTrue();

    Worker leader = workers.start(0, addresses, proxy, "steps=1");

    assertThat(leader.end()).as(leader.output()).isZero();
    assertThat(second.end()).as(second.output()).isZero();
    assertThat(second.output()).contains("sum 3.0");
  }

  @Test
  void whoDoesNotComeIsNamed() throws Exception {
    List<String> addresses = WorkerGroup.freeAddresses(3);

    Worker alone = workers.start(1, addresses, Map.of(), "timeout=2");

    assertThat(alone.end()).as(alone.output()).isEqualTo(1);
    assertThat(alone.output())
        .contains(
            "worker 0 (%s), worker 2 (%s) did not come within 2 s."
                .formatted(addresses.get(0), addresses.get(2)));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<String> addresses =
          List.of("127.0.0.1:" + other.getLocalPort(), WorkerGroup.freeAddresses(1).get(0));

      Worker leader = workers.start(0, addresses, Map.of());

      assertThat(leader.end()).as(leader.output()).isEqualTo(1);
      assertThat(leader.output())
          .contains(
              "The port %d of worker 0 (%s) can't be used: Address already in use"
                  .formatted(other.getLocalPort(), addresses.get(0)));
    }
  }
}
