package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.tensorflow.Timeline;
import java.util.ArrayList;
import java.util.List;

/**
 * A timeline in Chrome's trace format, for {@code chrome://tracing} or Perfetto. A device is a
 * process; operations that ran at the same time are in rows of their own.
 */
final class ChromeTrace {
  private ChromeTrace() {}

  static ObjectNode of(Timeline timeline) {
    ObjectNode trace = JsonOutput.NODES.objectNode();
    ArrayNode events = trace.putArray("traceEvents");
    List<String> devices =
        timeline.events().stream().map(Timeline.Event::device).distinct().toList();
    for (int i = 0; i < devices.size(); i++) {
      ObjectNode name = events.addObject().put("ph", "M").put("name", "process_name").put("pid", i);
      name.putObject("args").put("name", devices.get(i));
      List<Long> rowEnds = new ArrayList<>();
      for (Timeline.Event event : timeline.events()) {
        if (event.device().equals(devices.get(i))) {
          add(events, i, row(event, rowEnds), event);
        }
      }
    }
    return trace;
  }

  /** The first row that is free when the event begins. */
  private static int row(Timeline.Event event, List<Long> ends) {
    for (int i = 0; i < ends.size(); i++) {
      if (ends.get(i) <= event.start()) {
        ends.set(i, event.end());
        return i;
      }
    }
    ends.add(event.end());
    return ends.size() - 1;
  }

  private static void add(ArrayNode events, int device, int row, Timeline.Event event) {
    events
        .addObject()
        .put("ph", "X")
        .put("cat", "operation")
        .put("name", event.operation())
        .put("pid", device)
        .put("tid", row)
        .put("ts", event.start())
        .put("dur", event.duration())
        .putObject("args")
        .put("name", event.name());
  }
}
