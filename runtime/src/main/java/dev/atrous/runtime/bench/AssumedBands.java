package dev.atrous.runtime.bench;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import java.util.Collections;

/**
 * Mean and deviation of bands where there are no images to measure them on: the middle of the
 * values, and half of that. Speed does not depend on them.
 */
public final class AssumedBands {
  private AssumedBands() {}

  /** Those of a model, or of its spec. */
  public static PixelScale of(ModelDescription model) {
    PixelScale pixels = model.pixels();
    if (!pixels.isMeasured()) {
      return pixels;
    }
    float middle = 1 << (pixels.bits() - 1);
    return new PixelScale(
        pixels.bits(),
        Collections.nCopies(pixels.bands(), middle),
        Collections.nCopies(pixels.bands(), middle / 2));
  }
}
