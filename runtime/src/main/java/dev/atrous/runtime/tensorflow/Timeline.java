package dev.atrous.runtime.tensorflow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.DeviceStepStats;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.StepStats;

/** When each operation of one run of a graph began and ended, as TensorFlow's executor saw it. */
public final class Timeline {
  /** {@code block4/unit1/conv2/Conv2D = Conv2D(inputs)}. */
  private static final Pattern LABEL = Pattern.compile(".*? = (\\w+)\\(.*", Pattern.DOTALL);

  /** The kernels of a GPU, all its streams together: {@code block4/unit1/Conv2D:Conv2D}. */
  private static final String KERNELS = "/stream:all";

  private final List<Event> events;

  /**
   * One operation.
   *
   * @param device that it ran on
   * @param name of the node in the graph
   * @param operation its kind, for example {@code Conv2D}
   * @param start in microseconds, of an arbitrary clock
   * @param duration in microseconds
   */
  public record Event(String device, String name, String operation, long start, long duration) {
    /** When it was over, in microseconds of the same clock. */
    public long end() {
      return start + duration;
    }
  }

  private Timeline(List<Event> events) {
    this.events = List.copyOf(events);
  }

  /**
   * Runs a graph with the record that {@link #of} reads.
   *
   * @param options of the run besides
   */
  static Result run(Session.Runner runner, RunOptions options) {
    RunOptions traced = options.toBuilder().setTraceLevel(RunOptions.TraceLevel.FULL_TRACE).build();
    return runner.setOptions(traced).runAndFetchMetadata();
  }

  /**
   * Of a run that was recorded.
   *
   * @throws IllegalArgumentException if it was not
   */
  static Timeline of(Result result) {
    return of(
        result
            .getMetadata()
            .orElseThrow(() -> new IllegalArgumentException("the run was not recorded"))
            .getStepStats());
  }

  static Timeline of(StepStats stats) {
    List<Event> events = new ArrayList<>();
    for (DeviceStepStats device : stats.getDevStatsList()) {
      for (NodeExecStats node : device.getNodeStatsList()) {
        events.add(
            new Event(
                device.getDevice(),
                node.getNodeName(),
                operation(device.getDevice(), node),
                node.getAllStartMicros(),
                node.getOpEndRelMicros()));
      }
    }
    events.sort(Comparator.comparingLong(Event::start));
    return new Timeline(events);
  }

  private static String operation(String device, NodeExecStats node) {
    String name = node.getNodeName();
    if (device.endsWith(KERNELS)) {
      return name.substring(name.lastIndexOf(':') + 1);
    }
    Matcher label = LABEL.matcher(node.getTimelineLabel());
    return label.matches() ? label.group(1) : name;
  }

  /** The operations in the order in which they began. */
  public List<Event> events() {
    return events;
  }

  /**
   * The operations of one kind.
   *
   * @param operation the kind
   * @param seconds that they took together
   * @param count how many there were
   */
  public record Total(String operation, double seconds, int count) {}

  /**
   * The totals of all kinds, the longest first. Of a run on a GPU, the times of its kernels: what
   * TensorFlow's executor sees there is how long it took to start them.
   */
  public List<Total> byOperation() {
    List<Event> kernels =
        events.stream().filter(event -> event.device().endsWith(KERNELS)).toList();
    Map<String, List<Event>> byKind =
        (kernels.isEmpty() ? events : kernels)
            .stream().collect(Collectors.groupingBy(Event::operation));
    return byKind.entrySet().stream()
        .map(kind -> total(kind.getKey(), kind.getValue()))
        .sorted(Comparator.comparingDouble(Total::seconds).reversed())
        .toList();
  }

  private static Total total(String operation, List<Event> events) {
    long micros = events.stream().mapToLong(Event::duration).sum();
    return new Total(operation, micros / 1e6, events.size());
  }
}
