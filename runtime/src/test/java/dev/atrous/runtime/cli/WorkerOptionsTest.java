package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerOptionsTest {
  private final Path hosts;

  WorkerOptionsTest(@TempDir Path folder) throws IOException {
    hosts = folder.resolve("hosts");
    Files.writeString(
        hosts, "# of the rack\n10.0.0.1:2222\n\n10.0.0.2:2222 # slow\n[fd00::3]:2222\n");
  }

  private static WorkerOptions with(Map<String, String> environment) {
    WorkerOptions options = new WorkerOptions();
    options.setEnvironment(environment);
    return options;
  }

  @Test
  void withoutOptionsThereAreNoOthers() {
    WorkerOptions none = with(Map.of("RANK", "3", "SLURM_PROCID", "1"));

    assertThat(none.group(option -> false)).isEqualTo(WorkerGroup.ALONE);
    assertThat(none.launches()).isFalse();
  }

  @Test
  void theListHasALineForEachWorker() {
    WorkerOptions options = with(Map.of("RANK", "0"));
    options.hosts = hosts;
    options.rank = 2;

    WorkerGroup group = options.group(option -> option.equals("--rank"));

    assertThat(group.rank()).isEqualTo(2);
    assertThat(group.addresses())
        .containsExactly("10.0.0.1:2222", "10.0.0.2:2222", "[fd00::3]:2222");
  }

  @ParameterizedTest
  @CsvSource({"ATROUS_RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "RANK"})
  void variablesTellTheRank(String variable) {
    WorkerOptions options = with(Map.of("ATROUS_HOSTS", hosts.toString(), variable, "1"));

    assertThat(options.group(option -> false).rank()).isEqualTo(1);
  }

  @Test
  void ownVariablesComeFirst() {
    WorkerOptions options =
        with(Map.of("ATROUS_HOSTS", hosts.toString(), "SLURM_PROCID", "7", "ATROUS_RANK", "1"));

    assertThat(options.group(option -> false).rank()).isEqualTo(1);
  }

  @Test
  void aRankThatIsNotKnownIsAskedFor() {
    WorkerOptions options = with(Map.of());
    options.hosts = hosts;

    assertThatThrownBy(() -> options.group(option -> false))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "Which worker of %s is this? Say so with --rank R (0 for its first line) or the variable ATROUS_RANK.",
            hosts);
  }

  @Test
  void aRankThatIsNoNumberIsNamed() {
    WorkerOptions options = with(Map.of("SLURM_PROCID", "two"));
    options.hosts = hosts;

    assertThatThrownBy(() -> options.group(option -> false))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("The variable SLURM_PROCID is 'two';");
  }

  /** The variable alone: what no launcher of this process has set is not obeyed. */
  @Test
  void onlyTheParentLaunches() {
    WorkerOptions options = with(Map.of("ATROUS_LAUNCHER", "1"));
    options.workers = 2;
    String parent =
        ProcessHandle.current().parent().map(handle -> String.valueOf(handle.pid())).orElse("");

    assertThat(options.launches()).isTrue();
    WorkerOptions child =
        with(
            Map.of(
                "ATROUS_LAUNCHER",
                parent,
                "ATROUS_LAUNCHED_THREADS",
                "3",
                "ATROUS_HOSTS",
                hosts.toString(),
                "ATROUS_RANK",
                "1"));
    child.workers = 3;
    assertThat(child.launches()).isFalse();
    assertThat(child.group(option -> option.equals("--workers")).rank()).isEqualTo(1);
    assertThat(child.threads(0, false)).isEqualTo(3);
    assertThat(child.threads(1, true)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--workers 1 | --workers 1 is not possible: it must be from 2 to 64.",
        "--workers 65 | --workers 65 is not possible: it must be from 2 to 64.",
        "--workers 2 --rank 0 | --workers starts all workers, on this host; --rank makes this",
        "--workers 2 --hosts h | --workers starts all workers, on this host; --hosts makes this",
        "--workers 2 --restarts -1 | --restarts -1 is not possible: it must be at least 0.",
        "--restarts 2 | --restarts goes with --workers.",
        "--rank 0 | --rank says which worker of --hosts this is: give that, too",
        "--worker-timeout 9 | --worker-timeout goes with --workers or --hosts.",
        "--allow-public-network | --allow-public-network goes with --workers or --hosts.",
        "--hosts /none --rank 0 | The list of hosts /none can't be read:",
      })
  void whatDoesNotGoTogetherIsNamed(String options, String message) {
    Object[] line = List.of(("train --data none " + options).split(" ")).toArray(Object[]::new);

    Invocation refused = Invocation.of(new TinyModel(), line);

    assertThat(refused.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(refused.err()).contains("error: " + message);
  }

  @Test
  void anEmptyListIsNamed() throws IOException {
    Files.writeString(hosts, "# nobody\n");
    WorkerOptions options = with(Map.of("RANK", "0"));
    options.hosts = hosts;

    assertThatThrownBy(() -> options.group(option -> false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("is empty: it must have a line host:port for each worker.");
  }

  @Test
  void workersDumpToFoldersOfTheirOwn() {
    assertThat(WorkerLauncher.withFolder("--a=1 --xla_dump_to=/tmp/x/ --b", 2))
        .isEqualTo("--a=1 --xla_dump_to=/tmp/x/worker2 --b");
    assertThat(WorkerLauncher.withFolder("--xla_dump_to=/tmp/x", 0))
        .isEqualTo("--xla_dump_to=/tmp/x/worker0");
    assertThat(WorkerLauncher.withFolder("--xla_dump_hlo_as_text", 1))
        .isEqualTo("--xla_dump_hlo_as_text");
  }
}
