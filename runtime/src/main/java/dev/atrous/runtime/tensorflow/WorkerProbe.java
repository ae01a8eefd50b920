package dev.atrous.runtime.tensorflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/**
 * Which worker is at fault when a sum over the workers fails. TensorFlow's text names a worker
 * whose connection broke, often inside the texts of others; of one that is silent it says only that
 * time is up. Then every worker is asked to compute something small: a process that is stopped
 * still accepts connections, but does not answer.
 */
public final class WorkerProbe {
  private static final Logger log = LoggerFactory.getLogger(WorkerProbe.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private static final Pattern BETWEEN_WORKERS =
      Pattern.compile(
          "[Cc]ollective|/tensorflow\\.WorkerService/|remote target /job:worker|Deadline Exceeded");

  private static final String REMOTE =
      "Additional GRPC error information from remote target /job:worker/replica:\\d+/task:(\\d+)";

  /** Quoted in another worker's text, a line's end is a backslash and an n. */
  private static final Pattern LOST =
      Pattern.compile(
          "(?:Connection reset by peer|Socket closed|Broken pipe|Connection refused|Connection"
              + " timed out|No route to host|Network is unreachable|failed to connect to all"
              + " addresses|Transport closed|keepalive watchdog timeout)(?:\\\\+n|\\s)*"
              + REMOTE);

  private static final Pattern RESTARTED = Pattern.compile("incarnation");

  private WorkerProbe() {}

  /** What a worker does when it is asked. */
  private enum State {
    ANSWERS,
    SILENT,
    GONE
  }

  /**
   * Says which worker is at fault, and what to do. It takes up to some seconds, where workers have
   * to be asked.
   *
   * @param server of this process
   * @param thrown by TensorFlow in a run of a graph with sums over the workers
   * @return sentences for the user; empty if the failure is of this worker's own computation
   */
  public static Optional<String> fault(WorkerServer server, RuntimeException thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (!BETWEEN_WORKERS.matcher(message).find()) {
      return Optional.empty();
    }
    WorkerGroup group = server.group();
    Optional<Integer> lost = lost(message);
    if (lost.isPresent() && lost.get() < group.size()) {
      return Optional.of(gone(List.of(lost.get()), group));
    }
    if (RESTARTED.matcher(message).find()) {
      return Optional.of(
          "A worker was started again while the others went on. All workers have to be started again, with --resume.");
    }
    return Optional.of(explanation(group, states(server), message));
  }

  /** The worker whose connection broke, as TensorFlow's text tells. */
  static Optional<Integer> lost(String message) {
    Matcher lost = LOST.matcher(message);
    return lost.find() ? Optional.of(Integer.valueOf(lost.group(1))) : Optional.empty();
  }

  private static String explanation(WorkerGroup group, Map<Integer, State> states, String message) {
    List<Integer> silent = with(State.SILENT, states);
    if (!silent.isEmpty()) {
      return names(silent, group)
          + " does not answer: its process or host is stopped, or overloaded, or the network lost"
          + " it. End what is left of it, and start all workers again, with --resume.";
    }
    List<Integer> gone = with(State.GONE, states);
    if (!gone.isEmpty()) {
      return gone(gone, group);
    }
    if (message.contains("timed out") || message.contains("Deadline Exceeded")) {
      return "All workers answer, but one was not there within "
          + group.timeout().toSeconds()
          + " s: it is much slower than the others, or does something else. Its own messages tell; a"
          + " longer wait is --worker-timeout.";
    }
    return "A sum over the workers failed: " + message;
  }

  private static List<Integer> with(State state, Map<Integer, State> states) {
    return states.entrySet().stream()
        .filter(worker -> worker.getValue() == state)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String names(List<Integer> workers, WorkerGroup group) {
    return workers.stream().map(group::name).collect(Collectors.joining(", "));
  }

  private static String gone(List<Integer> workers, WorkerGroup group) {
    return names(workers, group)
        + " has ended, or can't be reached any more. Its own messages tell why; start all workers"
        + " again, with --resume.";
  }

  /** Asks all others at the same time. */
  private static Map<Integer, State> states(WorkerServer server) {
    WorkerGroup group = server.group();
    Map<Integer, CompletableFuture<State>> answers = new TreeMap<>();
    List<Thread> threads = new ArrayList<>();
    for (int worker = 0; worker < group.size(); worker++) {
      if (worker != group.rank()) {
        CompletableFuture<State> answer = new CompletableFuture<>();
        answers.put(worker, answer);
        int asked = worker;
        Thread thread =
            new Thread(() -> answer.complete(ask(server, asked)), "atrous-probe-" + worker);
        thread.setDaemon(true); // native code may never come back
        threads.add(thread);
      }
    }
    threads.forEach(Thread::start);
    long end = System.nanoTime() + LIMIT.toNanos();
    Map<Integer, State> states = new TreeMap<>();
    answers.forEach((worker, answer) -> states.put(worker, await(answer, end)));
    return states;
  }

  private static State await(CompletableFuture<State> answer, long end) {
    try {
      return answer.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return State.SILENT;
    } catch (ExecutionException e) {
      return State.GONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return State.ANSWERS; // not asked to the end
    }
  }

  private static State ask(WorkerServer server, int worker) {
    if (!server.group().address(worker).accepts(LIMIT)) {
      return State.GONE;
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      try (Session session = server.open(graph, worker)) {
        session.runner().fetch(tf.constant(0)).run().close();
        return State.ANSWERS;
      }
    } catch (RuntimeException e) {
      log.debug("{} answered with an error", server.group().name(worker), e);
      return State.GONE;
    }
  }
}
