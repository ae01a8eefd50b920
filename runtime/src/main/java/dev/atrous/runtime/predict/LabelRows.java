package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.LabelMap;
import java.util.List;

/** The label maps of some images, filled strip by strip. */
final class LabelRows implements LabelStrips {
  private final List<LabelMap> maps;

  /** Maps of the sizes of the images. */
  LabelRows(List<? extends ImageRows> images) {
    maps =
        images.stream()
            .map(
                image ->
                    new LabelMap(
                        image.width(), image.height(), new byte[image.width() * image.height()]))
            .toList();
  }

  @Override
  public void add(int image, int top, LabelMap labels) {
    LabelMap map = maps.get(image);
    System.arraycopy(labels.labels(), 0, map.labels(), top * map.width(), labels.labels().length);
  }

  /** The maps, when all rows are filled. */
  List<LabelMap> maps() {
    return maps;
  }
}
