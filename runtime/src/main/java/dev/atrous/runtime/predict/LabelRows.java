package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.RgbImage;
import java.util.List;
import org.tensorflow.types.TUint8;

/** The label maps of a batch of images, filled row by row. */
final class LabelRows {
  private final List<LabelMap> maps;

  /** Maps of the sizes of the images. */
  LabelRows(List<RgbImage> images) {
    maps =
        images.stream()
            .map(
                image ->
                    new LabelMap(
                        image.width(), image.height(), new byte[image.width() * image.height()]))
            .toList();
  }

  /**
   * Fills rows, as far as the images have them.
   *
   * @param labels {@code [N, R, W]}, at least as wide as each image
   * @param top the first row
   */
  void add(TUint8 labels, int top) {
    int count = Math.toIntExact(labels.shape().get(1));
    int width = Math.toIntExact(labels.shape().get(2));
    byte[] all = new byte[Math.toIntExact(labels.size())];
    labels.asRawTensor().data().read(all);
    for (int i = 0; i < maps.size(); i++) {
      LabelMap map = maps.get(i);
      for (int row = 0; row < Math.min(count, map.height() - top); row++) {
        System.arraycopy(
            all, (i * count + row) * width, map.labels(), (top + row) * map.width(), map.width());
      }
    }
  }

  /** The maps, when all rows are filled. */
  List<LabelMap> maps() {
    return maps;
  }
}
