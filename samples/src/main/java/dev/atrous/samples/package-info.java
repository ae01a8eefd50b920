/** Models to start from, and the command line for them. */
package dev.atrous.samples;
