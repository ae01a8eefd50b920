package dev.atrous.runtime.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * COCO's run lengths: how many pixels are outside, inside, outside, ... of a region, column by
 * column. They are a list of numbers, or a text with five bits of a number in each character (the
 * sixth says that more follow), where from the third number on the one two places before is
 * subtracted.
 */
final class CocoRuns {
  private CocoRuns() {}

  /**
   * The pixels of a region.
   *
   * @param where the region is, the beginning of a sentence
   * @return {@code [H, W]}; 0 outside
   * @throws UnusableFile if the runs are not of an image of this size
   */
  static byte[] pixels(JsonNode segmentation, ImageFiles.Size size, String where) {
    JsonNode sides = segmentation.path("size");
    if (sides.path(0).asInt() != size.height() || sides.path(1).asInt() != size.width()) {
      throw new UnusableFile(
          where + " has run lengths for " + sides + " ([height, width]), and the image is " + size,
          "Mend the annotation, or remove it.");
    }
    JsonNode counts = segmentation.path("counts");
    List<Long> runs = counts.isTextual() ? decoded(counts.textValue()) : listed(counts);
    long sum = runs.stream().mapToLong(run -> run).sum();
    byte[] pixels = new byte[size.width() * size.height()];
    if (sum != pixels.length || runs.stream().anyMatch(run -> run < 0)) {
      throw new UnusableFile(
          where + " has run lengths for " + sum + " pixels, and the image has " + pixels.length,
          "Mend the annotation, or remove it.");
    }
    int at = 0; // down the columns
    for (int i = 0; i < runs.size(); i++) {
      for (long end = at + runs.get(i); at < end; at++) {
        if (i % 2 == 1) {
          pixels[at % size.height() * size.width() + at / size.height()] = 1;
        }
      }
    }
    return pixels;
  }

  private static List<Long> listed(JsonNode counts) {
    List<Long> runs = new ArrayList<>();
    counts.forEach(count -> runs.add(count.asLong()));
    return runs;
  }

  private static List<Long> decoded(String text) {
    List<Long> runs = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      long run = 0;
      int bits = 0;
      int group;
      do {
        group = text.charAt(at++) - '0';
        run |= (long) (group & 0x1f) << bits;
        bits += 5;
      } while ((group & 0x20) != 0 && at < text.length());
      if ((group & 0x10) != 0) {
        run |= -1L << bits; // negative
      }
      runs.add(runs.size() > 2 ? run + runs.get(runs.size() - 2) : run);
    }
    return runs;
  }
}
