package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Where the labels of an image come from: mostly a mask file. Equal ones give equal labels. */
interface LabelSource {
  /** The file, for messages. */
  Path file();

  /**
   * The size that the labels are said to have, without decoding them.
   *
   * @throws UnusableFile if the file can't be read
   */
  ImageFiles.Size size();

  /**
   * Decodes what is stored for each pixel, and what it means.
   *
   * @param stored is told what is stored, where that is a mask
   * @throws UnusableFile if the file can't be read, or no rule names a value
   */
  LabelMap read(LabelRules rules, Consumer<StoredMask> stored);
}
