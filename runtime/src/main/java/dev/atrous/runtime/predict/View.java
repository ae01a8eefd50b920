package dev.atrous.runtime.predict;

/** What the model sees at once: an image at some scale, or a window of it. */
record View(Span rows, Span columns) {}
