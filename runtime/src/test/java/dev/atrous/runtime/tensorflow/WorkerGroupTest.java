package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerGroupTest {
  private static WorkerGroup group(int rank, String... addresses) {
    return new WorkerGroup(rank, List.of(addresses), WorkerGroup.DEFAULT_TIMEOUT);
  }

  @Test
  void oneWorkerIsAloneAndLeads() {
    assertThat(WorkerGroup.ALONE.size()).isEqualTo(1);
    assertThat(WorkerGroup.ALONE.isAlone()).isTrue();
    assertThat(WorkerGroup.ALONE.isLeader()).isTrue();
    assertThat(group(0, "localhost:2222").isAlone()).isTrue();
  }

  @Test
  void theFirstOfSeveralLeads() {
    WorkerGroup second = group(1, "localhost:2222", "localhost:2223");

    assertThat(second.size()).isEqualTo(2);
    assertThat(second.isAlone()).isFalse();
    assertThat(second.isLeader()).isFalse();
    assertThat(second.name(0)).isEqualTo("worker 0 (localhost:2222)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:0", "localhost:65536", "a b:1", ":22", "::1:22"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> group(0, text, "localhost:2222"))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("'" + text + "' is no address of a worker: it must be host:port");
  }

  @Test
  void anAddressHasOneWorker() {
    assertThatThrownBy(() -> group(0, "a:1", "b:1", "a:1"))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("Two workers have the address a:1.");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void aRankIsOneOfTheList(int rank) {
    assertThatThrownBy(() -> group(rank, "a:1", "b:1"))
        .isInstanceOf(AtrousException.class)
        .hasMessage("The rank of this worker is %d; with 2 workers it must be from 0 to 1.", rank);
  }

  @Test
  void thereAreAtMost64() {
    String[] many = IntStream.range(1, 66).mapToObj(port -> "a:" + port).toArray(String[]::new);
    assertThatThrownBy(() -> group(0, many))
        .isInstanceOf(AtrousException.class)
        .hasMessage("There are 65 workers; there can be at most 64.");
  }

  @Test
  void aTimeOfNothingIsRefused() {
    assertThatThrownBy(() -> new WorkerGroup(0, List.of("a:1", "b:1"), Duration.ofMillis(10)))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("it must be a second or more");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.1.2.3, true",
    "172.16.0.1, true",
    "172.32.0.1, false",
    "192.168.7.7, true",
    "169.254.1.1, true",
    "fd12:3456::1, true",
    "fe80::1, true",
    "fec0::1, false",
    "100.64.0.1, false",
    "8.8.8.8, false",
    "2001:db8::1, false",
    "0.0.0.0, false",
  })
  void someNetworksArePrivate(String address, boolean isPrivate) throws Exception {
    assertThat(WorkerAddress.isPrivate(InetAddress.getByName(address))).isEqualTo(isPrivate);
  }

  @Test
  void aPublicAddressIsRefused() {
    group(0, "127.0.0.1:2222", "[fd00::7]:2222", "localhost:2223").requirePrivateNetwork();

    assertThatThrownBy(() -> group(0, "127.0.0.1:2222", "203.0.113.9:2222").requirePrivateNetwork())
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith(
            "The address of worker 1 (203.0.113.9:2222) is not in a private network.")
        .hasMessageContaining("--allow-public-network");
  }
}
