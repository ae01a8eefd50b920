/** What every part of the runtime tells its user when something is wrong. */
@NullMarked
package dev.atrous.runtime;

import org.jspecify.annotations.NullMarked;
