/** What this machine offers, and whether a training can start on it. */
@NullMarked
package dev.atrous.runtime.doctor;

import org.jspecify.annotations.NullMarked;
