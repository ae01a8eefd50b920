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

/** When each operation of one run of a graph began and ended, as TensorFlow's executor saw it. */
public final class Timeline {
  private static final RunOptions TRACE =
      RunOptions.newBuilder().setTraceLevel(RunOptions.TraceLevel.FULL_TRACE).build();

  /** {@code block4/unit1/conv2/Conv2D = Conv2D(inputs)}. */
  private static final Pattern LABEL = Pattern.compile(".*? = (\\w+)\\(.*", Pattern.DOTALL);

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

  /** Runs a graph with the record that {@link #of} reads. */
  public static Result run(Session.Runner runner) {
    return runner.setOptions(TRACE).runAndFetchMetadata();
  }

  /**
   * Of a run that was recorded.
   *
   * @throws IllegalArgumentException if it was not
   */
  public static Timeline of(Result result) {
    List<Event> events = new ArrayList<>();
    var metadata =
        result
            .getMetadata()
            .orElseThrow(() -> new IllegalArgumentException("the run was not recorded"));
    for (DeviceStepStats device : metadata.getStepStats().getDevStatsList()) {
      for (NodeExecStats node : device.getNodeStatsList()) {
        Matcher label = LABEL.matcher(node.getTimelineLabel());
        events.add(
            new Event(
                device.getDevice(),
                node.getNodeName(),
                label.matches() ? label.group(1) : node.getNodeName(),
                node.getAllStartMicros(),
                node.getOpEndRelMicros()));
      }
    }
    events.sort(Comparator.comparingLong(Event::start));
    return new Timeline(events);
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

  /** The totals of all kinds, the longest first. */
  public List<Total> byOperation() {
    Map<String, List<Event>> byKind =
        events.stream().collect(Collectors.groupingBy(Event::operation));
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
