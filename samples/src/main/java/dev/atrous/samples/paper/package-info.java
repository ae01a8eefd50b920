/**
 * The models of Tables 1 to 6 of <a href="https://arxiv.org/abs/1706.05587">the paper</a>, a file
 * for each table. What it takes to reproduce a row is in {@code docs/paper.md}.
 */
@NullMarked
package dev.atrous.samples.paper;

import org.jspecify.annotations.NullMarked;
