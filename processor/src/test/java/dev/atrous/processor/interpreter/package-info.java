/**
 * What the operations of the intermediate representation mean, in plain Java and double precision:
 * the reference that derivatives, passes and generated code are compared with. Written for clarity,
 * not speed; nothing here is used at compile time or at run time.
 */
@NullMarked
package dev.atrous.processor.interpreter;

import org.jspecify.annotations.NullMarked;
