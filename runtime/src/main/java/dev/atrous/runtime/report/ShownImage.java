package dev.atrous.runtime.report;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.EncodedPicture;
import dev.atrous.runtime.data.ErrorMap;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.data.Overlay;
import dev.atrous.runtime.data.Thumbnail;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An image with its truth and its prediction, small enough for a page.
 *
 * @param choice why it is shown
 * @param name of the sample
 */
public record ShownImage(
    ImageRanking.Choice choice, String name, Image image, LabelMap truth, LabelMap prediction) {
  private static final int SIDE = 320; // pixels, at most

  /** Makes the pictures small where they are not. */
  public static ShownImage of(
      ImageRanking.Choice choice, String name, LabelledImage sample, LabelMap prediction) {
    return new ShownImage(
        choice,
        name,
        Thumbnail.of(sample.image(), SIDE),
        Thumbnail.of(sample.labels(), SIDE),
        Thumbnail.of(prediction, SIDE));
  }

  /** The prediction over the image. */
  public Image overlay(ClassColors colors) {
    return Overlay.of(image, prediction, colors);
  }

  /** Image, truth, prediction over the image, and errors; each with what it is called. */
  EncodedPicture[] pictures(ClassColors colors) {
    return new EncodedPicture[] {
      EncodedPicture.jpeg(image),
      EncodedPicture.png(colors.picture(truth)),
      EncodedPicture.jpeg(overlay(colors)),
      EncodedPicture.png(ErrorMap.of(image, truth, prediction))
    };
  }

  /** The labels of truth and prediction. */
  SortedSet<Integer> labels() {
    SortedSet<Integer> labels = new TreeSet<>();
    for (LabelMap map : new LabelMap[] {truth, prediction}) {
      for (byte label : map.labels()) {
        labels.add(Byte.toUnsignedInt(label));
      }
    }
    return labels;
  }
}
