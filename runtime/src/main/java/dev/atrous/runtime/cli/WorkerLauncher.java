package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.CudaDriver;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Starts the workers of a training on this host, each a process with the command of this one, and
 * waits for their end. When one fails, all are ended.
 */
final class WorkerLauncher {
  /** How long workers have to end by themselves, after one has failed or all is done. */
  private static final long GRACE_SECONDS = 5;

  /** How long worker 0 has to end after another was told to. */
  private static final long CHECKPOINT_SECONDS = 60;

  private static final String XLA_FLAGS = "XLA_FLAGS";
  private static final String CUDA_DEVICES = "CUDA_VISIBLE_DEVICES";

  private final List<String> command;
  private final int workers;
  private final int threads;
  private final List<String> gpus;
  private final PrintWriter err;
  private boolean stopped;

  /**
   * @param command of a worker
   * @param workers how many
   * @param threads of an operation on the CPU, for workers whose command does not say; 0 for one
   *     per core
   * @param gpus as CUDA names them, one for each worker; empty for none
   * @param err for what workers after the first have to say
   */
  WorkerLauncher(
      List<String> command, int workers, int threads, List<String> gpus, PrintWriter err) {
    this.command = List.copyOf(command);
    this.workers = workers;
    this.threads = threads;
    this.gpus = List.copyOf(gpus);
    this.err = err;
  }

  /**
   * For workers that have the options of this process, and on this host each its share: of the
   * cores, or a GPU.
   *
   * @param isGiven whether an option is on the command line
   * @param arguments of this program
   * @throws AtrousException if there are fewer GPUs than workers
   */
  static WorkerLauncher of(
      int workers,
      DeviceOptions where,
      Predicate<String> isGiven,
      List<String> arguments,
      PrintWriter err) {
    List<String> gpus = where.device == Device.CPU ? List.of() : gpus(workers, where.device);
    if (!gpus.isEmpty()) {
      return new WorkerLauncher(OwnCommand.with(List.of(), arguments), workers, 0, gpus, err);
    }
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
    List<String> options = List.of("-XX:ActiveProcessorCount=" + cores);
    int threads = isGiven.test("--threads") ? where.threads : cores;
    return new WorkerLauncher(
        OwnCommand.with(options, arguments), workers, threads, List.of(), err);
  }

  /** A GPU for each worker, as CUDA names them; empty where workers compute on the CPU. */
  private static List<String> gpus(int workers, Device device) {
    if (device == Device.AUTO && !NativeLibrary.isForGpu()) {
      return List.of();
    }
    int count = CudaDriver.find().gpus().size();
    if (count == 0) {
      return List.of(); // a worker that is to have one says why there is none
    }
    if (count < workers) {
      throw new AtrousException(
          "--workers %d needs as many GPUs, and this process may use %d. Start as many workers as there are GPUs, or choose --device cpu."
              .formatted(workers, count));
    }
    String visible = System.getenv(CUDA_DEVICES);
    return visible == null
        ? IntStream.range(0, workers).mapToObj(String::valueOf).toList()
        : List.of(visible.split(",")).subList(0, workers);
  }

  /**
   * Trains. An interrupt of the thread stops the training: worker 0 writes its checkpoint, then all
   * end.
   *
   * @param restarts how often all may start again after one has failed
   * @param hasCheckpoint whether there is a run to resume
   * @return {@link AtrousCli#OK}, {@link AtrousCli#STOPPED}, or {@link AtrousCli#USAGE}, if worker
   *     0 says so
   * @throws AtrousException that names the worker that failed, and why
   */
  int run(int restarts, BooleanSupplier hasCheckpoint) {
    boolean resumes = false;
    for (int restart = 1; ; restart++) {
      Optional<WorkerProcess> failed = once(resumes);
      if (stopped) {
        return AtrousCli.STOPPED;
      }
      if (failed.isEmpty()) {
        return AtrousCli.OK;
      }
      WorkerProcess worker = failed.get();
      if (worker.code() == AtrousCli.USAGE) {
        return AtrousCli.USAGE;
      }
      if (restart > restarts) {
        throw new AtrousException(failure(worker, restarts, hasCheckpoint.getAsBoolean()));
      }
      resumes = hasCheckpoint.getAsBoolean();
      err.println(
          "note: %s. All workers start again, %s (restart %d of %d)."
              .formatted(
                  worker.end(),
                  resumes ? "from the last checkpoint" : "from the beginning",
                  restart,
                  restarts));
      err.flush();
    }
  }

  private static String failure(WorkerProcess worker, int restarts, boolean hasCheckpoint) {
    String again = restarts > 0 ? " after %d of %d restarts".formatted(restarts, restarts) : "";
    String next =
        hasCheckpoint
            ? " Continue from the last checkpoint with the same command and --resume."
            : "";
    return "The training failed%s: %s. All workers have ended.%s"
        .formatted(again, worker.end(), next);
  }

  /**
   * Starts all workers and waits until all have ended.
   *
   * @return the worker that failed first; empty if none did
   */
  private Optional<WorkerProcess> once(boolean resumes) {
    BlockingQueue<WorkerProcess> ended = new LinkedBlockingQueue<>();
    List<WorkerProcess> running = new ArrayList<>();
    WorkerMessages messages = new WorkerMessages(err);
    Path hosts = null;
    try {
      hosts = Files.createTempFile("atrous-hosts", ".txt");
      HostsFile.write(hosts, WorkerGroup.freeAddresses(workers));
      for (int rank = 0; rank < workers; rank++) {
        Map<String, String> environment = environment(rank, hosts, resumes);
        running.add(WorkerProcess.start(rank, command, environment, messages, ended::add));
      }
      return await(running, ended);
    } catch (IOException e) {
      throw new AtrousException("The workers can't be started: " + e, e);
    } finally {
      running.forEach(WorkerProcess::kill);
      delete(hosts);
    }
  }

  private static void delete(@Nullable Path file) {
    try {
      if (file != null) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // A temporary file remains.
    }
  }

  private Optional<WorkerProcess> await(
      List<WorkerProcess> running, BlockingQueue<WorkerProcess> ended) {
    WorkerProcess leader = running.get(0);
    try {
      WorkerProcess first = ended.take();
      while (first.code() == 0 && first != leader) { // the others have no reports to write
        first = ended.take();
      }
      if (first.isStopped() && leader.awaitEnd(after(CHECKPOINT_SECONDS))) {
        first = leader; // has stopped with it, and has written a checkpoint since
      }
      if (first == leader && (leader.code() == 0 || leader.isStopped())) {
        stopped = leader.code() != 0;
        endOthers(running);
        return Optional.empty();
      }
      endOthers(running);
      return Optional.of(culprit(first, ended));
    } catch (InterruptedException e) {
      stop(running);
      return Optional.empty();
    }
  }

  /**
   * The worker that is to blame. When one dies, others see that at once, and end with an error of
   * their own: so one that a signal ended comes before one with an error.
   *
   * @param first that has ended
   * @param others that have ended after it
   */
  private static WorkerProcess culprit(WorkerProcess first, BlockingQueue<WorkerProcess> others) {
    if (first.isKilled()) {
      return first;
    }
    Set<WorkerProcess> all = new LinkedHashSet<>();
    others.drainTo(all);
    return all.stream()
        .filter(worker -> worker.isKilled() && !worker.isEnded())
        .findFirst()
        .orElse(first);
  }

  private static long after(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Gives the workers some seconds to end by themselves, and ends those that do not. */
  private static void endOthers(List<WorkerProcess> running) throws InterruptedException {
    long end = after(GRACE_SECONDS);
    for (WorkerProcess worker : running) {
      if (!worker.awaitEnd(end)) {
        worker.kill();
        worker.awaitEnd();
      }
    }
  }

  /**
   * Ends the training in order. Worker 0 ends after the step that is being computed, in which it
   * needs the others, and writes a checkpoint; then they have nothing more to do.
   */
  private void stop(List<WorkerProcess> running) {
    stopped = true;
    running.forEach(WorkerProcess::silence);
    running.get(0).askToEnd();
    boolean waiting = true;
    while (waiting) {
      try {
        running.get(0).awaitEnd();
        waiting = false;
      } catch (InterruptedException e) {
        // It is ending already.
      }
    }
  }

  private Map<String, String> environment(int rank, Path hosts, boolean resumes) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put(WorkerOptions.HOSTS_VARIABLE, hosts.toString());
    environment.put(WorkerOptions.RANK_VARIABLE, String.valueOf(rank));
    new LaunchedWorker(threads, resumes).tell(environment);
    if (!gpus.isEmpty()) {
      environment.put(CUDA_DEVICES, gpus.get(rank));
    }
    environment.computeIfPresent(XLA_FLAGS, (name, flags) -> withFolder(flags, rank));
    return environment;
  }

  /** Each worker dumps XLA's programs to a folder of its own. */
  static String withFolder(String flags, int rank) {
    return flags.replaceAll(
        "(^|\\s)(--xla_dump_to=[^\\s]*[^\\s/])/?(?=\\s|$)", "$1$2/worker" + rank);
  }
}
