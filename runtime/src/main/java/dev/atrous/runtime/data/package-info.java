/** Folders of images and masks , and the batches of augmented crops made from them. */
@NullMarked
package dev.atrous.runtime.data;

import org.jspecify.annotations.NullMarked;
