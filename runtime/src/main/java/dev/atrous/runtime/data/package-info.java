/**
 * Folders of images and masks in the PASCAL VOC layout, and the batches of augmented crops made
 * from them.
 */
@NullMarked
package dev.atrous.runtime.data;

import org.jspecify.annotations.NullMarked;
