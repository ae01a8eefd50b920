package dev.atrous.runtime.data;

import java.nio.file.Path;

/**
 * An image and its labels on disk.
 *
 * @param id what it is called: a line of the list without suffix, or the name of the image
 */
record Sample(String id, Path image, LabelSource labels) {}
