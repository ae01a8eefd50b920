package dev.atrous.runtime.bench;

import dev.atrous.runtime.tensorflow.Timeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sums over workers in a step: how long they went on, waiting for other workers included, and
 * how long of that something else was computed.
 *
 * @param seconds in which there was at least one of them
 * @param hidden of these, the seconds in which another operation ran as well
 */
public record ExchangeShare(double seconds, double hidden) {
  /** A sum, and what it fetches from the memory of another worker. */
  private static final Set<String> SUM = Set.of("CollectiveReduceV2", "RecvBuf");

  /** Of a step that was recorded; empty if it has no sums over workers. */
  public static Optional<ExchangeShare> of(Timeline timeline) {
    return of(timeline.events());
  }

  static Optional<ExchangeShare> of(List<Timeline.Event> events) {
    List<Span> sums = new ArrayList<>();
    List<Span> others = new ArrayList<>();
    for (Timeline.Event event : events) {
      List<Span> kind = SUM.contains(event.operation()) ? sums : others;
      kind.add(new Span(event.start(), event.end()));
    }
    if (sums.isEmpty()) {
      return Optional.empty();
    }
    List<Span> either = new ArrayList<>(sums);
    either.addAll(others);
    long inSums = covered(sums);
    long inBoth = inSums + covered(others) - covered(either);
    return Optional.of(new ExchangeShare(inSums / 1e6, inBoth / 1e6));
  }

  /** From a moment to another, in microseconds. */
  private record Span(long begin, long end) {}

  /** How long there was at least one. */
  private static long covered(List<Span> spans) {
    long covered = 0;
    long end = Long.MIN_VALUE;
    for (Span span : spans.stream().sorted(Comparator.comparingLong(Span::begin)).toList()) {
      long begin = Math.max(span.begin, end);
      covered += Math.max(0, span.end - begin);
      end = Math.max(end, span.end);
    }
    return covered;
  }
}
