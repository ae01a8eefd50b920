package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.OtherJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.tensorflow.Graph;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Processes that add up numbers with each other. */
final class WorkerProcesses {
  private final Path folder;
  private final List<Worker> started = new ArrayList<>();

  WorkerProcesses(Path folder) {
    this.folder = folder;
  }

  /** A process, and the file of its output and errors. */
  record Worker(Process process, Path file) {
    /** Its exit code. */
    int end() throws InterruptedException {
      return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    String output() throws IOException {
      return Files.readString(file);
    }

    /** Waits until it has said something. */
    void awaitOutput(String text) throws IOException, InterruptedException {
      while (!output().contains(text)) {
        if (!process.isAlive()) {
          throw new AssertionError("ended without '" + text + "': " + output());
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }
  }

  List<Worker> startAll(List<String> addresses, String... properties) throws IOException {
    List<Worker> workers = new ArrayList<>();
    for (int rank = 0; rank < addresses.size(); rank++) {
      workers.add(start(rank, addresses, Map.of(), properties));
    }
    return workers;
  }

  /**
   * Starts one.
   *
   * @param properties {@code timeout} of the group in seconds, {@code steps} to add up in, seconds
   *     to {@code rest} afterwards
   */
  Worker start(
      int rank, List<String> addresses, Map<String, String> environment, String... properties)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // starts sooner
    for (String property : properties) {
      command.add("-D" + property);
    }
    command.addAll(List.of("-cp", OtherJvm.CLASS_PATH, Main.class.getName()));
    command.addAll(List.of(String.valueOf(rank), String.join(",", addresses)));
    Path file = folder.resolve("worker" + rank);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile());
    builder.environment().putAll(environment);
    Worker worker = new Worker(builder.start(), file);
    started.add(worker);
    return worker;
  }

  void endAll() throws InterruptedException {
    for (Worker worker : started) {
      worker.process().destroyForcibly().waitFor();
    }
  }

  /** Adds up rank + 1 over the workers, again and again. */
  static final class Main {
    public static void main(String[] args) {
      int rank = Integer.parseInt(args[0]);
      List<String> addresses = List.of(args[1].split(","));
      Duration timeout = Duration.ofSeconds(Integer.getInteger("timeout", 60));
      WorkerGroup group = new WorkerGroup(rank, addresses, timeout);
      try {
        add(WorkerServer.start(group, Device.CPU, 1, false));
      } catch (AtrousException e) {
        System.out.println("error: " + e.getMessage());
        System.exit(1);
      } catch (InterruptedException e) {
        System.exit(2);
      }
      System.exit(0);
    }

    private static void add(WorkerServer server) throws InterruptedException {
      try (Graph graph = new Graph();
          TFloat32 number = TFloat32.scalarOf(server.group().rank() + 1)) {
        Ops tf = Ops.create(graph);
        Placeholder<TFloat32> x = tf.placeholder(TFloat32.class);
        Output<TFloat32> sum = sum(tf, x.asOutput(), server.group());
        try (Session session = server.open(graph)) {
          for (int step = 0; step < Integer.getInteger("steps", 1); step++) {
            try (Result result = session.runner().feed(x, number).fetch(sum).run()) {
              System.out.println("sum " + ((TFloat32) result.get(0)).getFloat());
            }
            TimeUnit.MILLISECONDS.sleep(10);
          }
          TimeUnit.SECONDS.sleep(Integer.getInteger("rest", 0));
        }
      } catch (RuntimeException e) {
        System.out.println("failed: " + e.getMessage());
        System.out.println("fault: " + WorkerProbe.fault(server, e).orElse("none"));
        System.exit(3);
      }
    }

    private static Output<TFloat32> sum(Ops tf, Output<TFloat32> x, WorkerGroup group) {
      OperationBuilder builder = tf.scope().opBuilder("CollectiveReduceV2", "Sum");
      builder
          .addInput(x)
          .addInput(tf.constant(group.size()).asOutput())
          .addInput(tf.constant(1).asOutput())
          .addInput(tf.constant(1).asOutput())
          .addInputList(new Output<?>[0])
          .setAttr("T", x.dataType())
          .setAttr("merge_op", "Add")
          .setAttr("final_op", "Id")
          .setAttr("communication_hint", "auto")
          .setAttr("timeout_seconds", (float) group.timeout().toSeconds());
      return builder.build().output(0);
    }
  }
}
