/** From a checked spec to the graph of its network. */
@NullMarked
package dev.atrous.processor.network;

import org.jspecify.annotations.NullMarked;
