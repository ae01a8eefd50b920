package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Platform;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.OtherJvm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher is a process, and so are its workers; they end in the ways that workers do. */
@Tag("slow")
@Timeout(120)
class WorkerLauncherTest {
  private static final int WORKERS = 3;

  private final Path folder;

  WorkerLauncherTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** The program: without a rank it launches itself. */
  static final class Main {
    private static Path folder = Path.of("");
    private static String rank = "";

    public static void main(String[] args) throws Exception {
      folder = Path.of(args[1]);
      Optional<LaunchedWorker> launched = LaunchedWorker.of(System.getenv());
      if (launched.isEmpty()) {
        System.exit(launch(args));
      }
      rank = System.getenv("ATROUS_RANK");
      LaunchedWorker.endWithLauncher();
      Files.writeString(
          folder.resolve("pid" + rank), String.valueOf(ProcessHandle.current().pid()));
      System.exit(work(args[0], launched.get()));
    }

    private static int launch(String[] args) {
      List<String> command = OwnCommand.with(List.of("-Xmx64m"), List.of(args));
      PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
      WorkerLauncher launcher = new WorkerLauncher(command, WORKERS, 2, List.of(), err);
      try (StopSignal stop = new StopSignal()) {
        stop.arm();
        return launcher.run(
            args[0].startsWith("restart") ? 1 : 0,
            () -> Files.exists(folder.resolve("checkpoint")));
      } catch (AtrousException e) {
        System.err.println("error: " + e.getMessage());
        return AtrousCli.FAILED;
      }
    }

    private static int work(String how, LaunchedWorker launched) throws Exception {
      int size = HostsFile.read(Path.of(System.getenv("ATROUS_HOSTS"))).size();
      System.out.printf("out %s of %d, %d threads%n", rank, size, launched.threads());
      System.err.println("step " + rank);
      System.err.println("[main] WARN log - careful " + rank);
      System.err.println("[main] WARN log - all careful");
      return switch (how) {
        case "done" -> 0;
        case "error", "restarted-in-vain" -> is("2") ? failed() : stuck();
        case "killed" -> is("1") ? killed() : is("0") ? seesIt() : stuck();
        case "misuse" -> is("0") ? AtrousCli.USAGE : stuck();
        case "restarted" -> {
          Files.writeString(folder.resolve("checkpoint"), "");
          yield launched.resumes() ? 0 : is("2") ? failed() : stuck();
        }
        case "stopped" -> is("0") ? stopped() : left();
        default -> throw new IllegalArgumentException(how);
      };
    }

    private static boolean is(String other) {
      return rank.equals(other);
    }

    private static int failed() {
      System.err.println("error: no such thing.\nDo another.");
      return 1;
    }

    /** As in native code that waits for a worker that is gone. */
    private static int stuck() throws InterruptedException {
      try (StopSignal stop = new StopSignal()) {
        stop.hold();
        Files.writeString(folder.resolve("stuck" + rank), "");
        TimeUnit.SECONDS.sleep(100);
      } catch (IOException e) {
        return 9;
      }
      return 9;
    }

    private static int killed() throws Exception {
      TimeUnit.SECONDS.sleep(1);
      new ProcessBuilder("kill", "-KILL", String.valueOf(ProcessHandle.current().pid())).start();
      return stuck();
    }

    private static int seesIt() throws Exception {
      awaitEnd(pid(1));
      return 1;
    }

    /** As in native code: until worker 0 is gone. */
    private static int left() throws Exception {
      try (StopSignal stop = new StopSignal()) {
        stop.hold();
        Files.writeString(folder.resolve("stuck" + rank), "");
        awaitEnd(pid(0));
      }
      return failed();
    }

    private static void awaitEnd(long pid) throws InterruptedException {
      while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }

    private static long pid(int worker) throws Exception {
      Path file = folder.resolve("pid" + worker);
      while (!Files.exists(file) || Files.size(file) == 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      return Long.parseLong(Files.readString(file));
    }

    private static int stopped() throws Exception {
      try (StopSignal stop = new StopSignal()) {
        stop.arm();
        Files.writeString(folder.resolve("armed"), "");
        try {
          TimeUnit.SECONDS.sleep(100);
        } catch (InterruptedException e) {
          for (int other = 1; other < WORKERS; other++) { // the step that it ends needs them
            if (!ProcessHandle.of(pid(other)).orElseThrow().isAlive()) {
              return 8;
            }
          }
          Files.writeString(folder.resolve("checkpoint"), "");
          System.out.println("Checkpoint");
        }
      }
      return AtrousCli.STOPPED;
    }
  }

  private OtherJvm launch(String how) throws Exception {
    return OtherJvm.run(folder, OtherJvm.CLASS_PATH, List.of(), Main.class, how, folder.toString());
  }

  private void assertAllEnded() throws IOException {
    for (int rank = 0; rank < WORKERS; rank++) {
      long pid = Long.parseLong(Files.readString(folder.resolve("pid" + rank)));
      assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
          .as("worker %d", rank)
          .isFalse();
    }
  }

  /** Progress and results are those of worker 0. */
  @Test
  void theFirstWorkerSpeaksForAll() throws Exception {
    OtherJvm done = launch("done");

    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).isEqualToIgnoringNewLines("out 0 of 3, 2 threads");
    assertThat(
            done.err()
                .lines()
                .map(line -> line.replaceFirst("worker [12](: .* all careful)", "worker 1 or 2$1")))
        .containsExactlyInAnyOrder(
            "step 0",
            "[main] WARN log - careful 0",
            "[main] WARN log - all careful",
            "worker 1 or 2: [main] WARN log - all careful",
            "worker 1: [main] WARN log - careful 1",
            "worker 2: [main] WARN log - careful 2");
    assertAllEnded();
  }

  @Test
  void anErrorOfOneEndsAll() throws Exception {
    long begin = System.nanoTime();

    OtherJvm failed = launch("error");

    assertThat(failed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(failed.err())
        .contains(
            "worker 2: error: no such thing.",
            "worker 2: Do another.",
            "error: The training failed: worker 2 ended with exit code 1: no such thing. All workers have ended.");
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(25));
    assertAllEnded();
  }

  /** Not the one that saw it first and ended with an error. */
  @Test
  void oneThatIsKilledIsNamed() throws Exception {
    assumeFalse(Platform.isWindows());

    OtherJvm failed = launch("killed");

    assertThat(failed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(failed.err())
        .contains(
            "error: The training failed: worker 1 was ended by signal 9 (SIGKILL): by a user, or by the system because memory ran out (dmesg tells).");
    assertAllEnded();
  }

  @Test
  void aWrongCommandLineIsNotTriedAgain() throws Exception {
    assertThat(launch("misuse").code()).isEqualTo(AtrousCli.USAGE);
    assertAllEnded();
  }

  @Test
  void allStartAgainFromTheCheckpoint() throws Exception {
    OtherJvm done = launch("restarted");

    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.err())
        .contains(
            "note: worker 2 ended with exit code 1: no such thing. All workers start again, from the last checkpoint (restart 1 of 1).");
    assertAllEnded();
  }

  @Test
  void theyStartAgainSoOftenAndNoMore() throws Exception {
    OtherJvm failed = launch("restarted-in-vain");

    assertThat(failed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(failed.err())
        .contains(
            "from the beginning (restart 1 of 1).",
            "error: The training failed after 1 of 1 restarts: worker 2 ended with exit code 1");
    assertAllEnded();
  }

  private Process start(String how) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            OtherJvm.CLASS_PATH,
            Main.class.getName(),
            how,
            folder.toString())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private void awaitWorkers(Process launcher) throws InterruptedException {
    for (String file : List.of("armed", "stuck1", "stuck2")) {
      while (!Files.exists(folder.resolve(file))) {
        assertThat(launcher.isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  @Test
  void controlCLetsTheFirstWorkerWriteItsCheckpoint() throws Exception {
    assumeFalse(Platform.isWindows());
    Process launcher = start("stopped");
    awaitWorkers(launcher);

    new ProcessBuilder("kill", "-INT", String.valueOf(launcher.pid())).start().waitFor();

    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(AtrousCli.STOPPED);
    assertThat(folder.resolve("checkpoint")).exists();
    assertThat(folder.resolve("out")).content().contains("Checkpoint");
    assertThat(folder.resolve("err")).content().doesNotContain("error: ");
    assertAllEnded();
  }

  @Test
  void nobodyOutlivesTheLauncher() throws Exception {
    Process launcher = start("stopped");
    awaitWorkers(launcher);

    launcher.destroyForcibly().waitFor();

    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    for (int rank = 0; rank < WORKERS; rank++) {
      long pid = Long.parseLong(Files.readString(folder.resolve("pid" + rank)));
      while (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
        assertThat(System.nanoTime()).as("worker %d", rank).isLessThan(limit);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }
}
