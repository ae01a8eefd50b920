/**
 * The models of Tables 1 to 6 of <a href="https://arxiv.org/abs/1706.05587">the paper</a>, a file
 * for each table. The mIoU in their comments are those that the paper published, on PASCAL VOC 2012
 * val, in percent. What it takes to measure one again is in {@code docs/paper.md}.
 */
@NullMarked
package dev.atrous.samples.paper;

import org.jspecify.annotations.NullMarked;
