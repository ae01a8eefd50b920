package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.cli.AtrousCli;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a training: a process that a barrier task starts beside its executor, with the list
 * of all workers, and ends when the task ends. A process, since a worker that waits for one that is
 * gone can't be interrupted in native code.
 *
 * @param program class with the command line
 * @param arguments of the command line, without hosts, rank and threads
 * @param output directory of the run, which all workers see
 * @param javaOptions of the process, for example {@code -Xmx4g}
 */
record BarrierWorker(
    String program, List<String> arguments, String output, List<String> javaOptions)
    implements Serializable {
  /** The beginning of the message of a failure that comes again each time. */
  static final String MISUSE = "The options of the training are wrong";

  private static final String ERROR = "error: ";
  private static final String CHECKPOINT = "checkpoint";
  private static final String THREADS = "--threads";
  private static final long POLL_MILLIS = 200;

  /**
   * Runs the worker of this task to its end.
   *
   * @throws AtrousException if it fails; the message has its own
   */
  void run() {
    BarrierTaskContext task = BarrierTaskContext.get();
    int rank = task.partitionId();
    String executor = task.getTaskInfos()[rank].address();
    String host = executor.substring(0, executor.lastIndexOf(':'));
    try {
      // Worker 0 says whether there is a run to continue: others may see its files late.
      String[] workers = task.allGather(host + ":" + freePort() + " " + hasCheckpoint());
      List<String> addresses = Stream.of(workers).map(worker -> worker.split(" ", 2)[0]).toList();
      Path hosts = Files.write(Files.createTempFile("atrous-hosts", ".txt"), addresses);
      try {
        run(task, rank, command(hosts, rank, task.cpus(), workers[0].endsWith(" true")));
      } finally {
        Files.delete(hosts);
      }
    } catch (IOException | URISyntaxException e) {
      throw new AtrousException("Worker %d on %s can't be run: %s".formatted(rank, host, e), e);
    } catch (InterruptedException e) {
      throw new TaskKilledException();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Whether there is one of the training, or of its first phase. */
  private boolean hasCheckpoint() {
    return Files.exists(Path.of(output, CHECKPOINT))
        || Files.exists(Path.of(output, "phase1", CHECKPOINT));
  }

  private List<String> command(Path hosts, int rank, int cpus, boolean resumes)
      throws URISyntaxException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(javaOptions);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath(), program));
    command.addAll(arguments);
    command.addAll(List.of("--hosts", hosts.toString(), "--rank", String.valueOf(rank)));
    if (!arguments.contains(THREADS)) {
      command.addAll(List.of(THREADS, String.valueOf(cpus)));
    }
    if (resumes) {
      command.add("--resume");
    }
    return command;
  }

  /** That of this JVM, with the jars that Spark has brought. */
  private static String classPath() throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    while (loader != null) {
      if (loader instanceof URLClassLoader brought) {
        for (URL url : brought.getURLs()) {
          entries.add(Path.of(url.toURI()).toString());
        }
      }
      loader = loader.getParent();
    }
    entries.add(0, System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, entries);
  }

  private static void run(BarrierTaskContext task, int rank, List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread end = new Thread(process::destroyForcibly, "atrous-worker-end");
    Runtime.getRuntime().addShutdownHook(end);
    Output output = new Output(process);
    try {
      output.start();
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        task.killTaskIfInterrupted(); // as Spark does when another worker has failed
      }
      output.join(POLL_MILLIS);
    } finally {
      process.destroyForcibly();
      forget(end);
    }
    int code = process.exitValue();
    if (code != 0) {
      String start =
          code == AtrousCli.USAGE
              ? MISUSE
              : "Worker %d ended with exit code %d".formatted(rank, code);
      String reason = output.error;
      throw new AtrousException(start + (reason == null ? "." : ": " + reason));
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it runs already
    }
  }

  /** Copies what a process says to the executor's log. */
  private static final class Output extends Thread {
    private final Process process;
    private volatile @Nullable String error; // the last one

    Output(Process process) {
      super("atrous-worker-output");
      setDaemon(true);
      this.process = process;
    }

    @Override
    public void run() {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          System.err.println(line);
          if (line.startsWith(ERROR)) {
            error = line.substring(ERROR.length());
          }
        }
      } catch (IOException e) {
        // the process was ended while it spoke
      }
    }
  }
}
