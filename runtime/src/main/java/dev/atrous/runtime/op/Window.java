package dev.atrous.runtime.op;

/**
 * How a filter goes over a map.
 *
 * @param stride step in rows and columns
 * @param rate atrous rate: the distance between neighbouring taps
 * @param padding what it sees beyond the map
 */
public record Window(int stride, int rate, PaddingMode padding) {}
