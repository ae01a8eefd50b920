package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.MeanPixel;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TIntegral;

/** How images go into the graphs of a model. */
public final class ImageInput {
  private final PixelFormat format;
  private final @Nullable MeanPixel padding;

  private ImageInput(PixelFormat format, @Nullable MeanPixel padding) {
    this.format = format;
    this.padding = padding;
  }

  /**
   * That of a model; without padding where it {@linkplain PixelScale#isMeasured measures} bands.
   */
  public static ImageInput of(ModelDescription model) {
    return of(model, model.pixels());
  }

  /**
   * That of a model whose bands are known.
   *
   * @param scale of the model, or what it measured
   */
  public static ImageInput of(ModelDescription model, PixelScale scale) {
    PixelFormat plain = new PixelFormat(scale.bands(), scale.bits());
    if (scale.isMeasured()) {
      return new ImageInput(plain, null);
    }
    PixelFormat format = plain.showing(scale.mean(), scale.deviation());
    return new ImageInput(
        format,
        model.hasConventionalPixels() ? MeanPixel.IMAGENET : new MeanPixel(format, scale.mean()));
  }

  /** What the pixels of images must be. */
  public PixelFormat format() {
    return format;
  }

  /**
   * What stands where a batch has no image.
   *
   * @throws IllegalStateException if the bands are still to be measured
   */
  public MeanPixel padding() {
    if (padding == null) {
      throw new IllegalStateException("mean and deviation of the bands are not measured yet");
    }
    return padding;
  }

  /**
   * A placeholder for images.
   *
   * @param pixels {@code [N, H, W]}
   * @return {@code [N, H, W, bands]}
   */
  public Placeholder<? extends TIntegral> placeholder(Ops tf, Shape pixels) {
    return tf.placeholder(type(), Placeholder.shape(pixels.append(format().bands())));
  }

  /**
   * A tensor for the placeholder, to be closed.
   *
   * @param pixels {@code [N, H, W]}
   * @param filling writes the values, in the order of the machine
   */
  public TIntegral tensor(Shape pixels, Consumer<ByteDataBuffer> filling) {
    return Tensor.of(
        type(),
        pixels.append(format().bands()),
        tensor -> filling.accept(tensor.asRawTensor().data()));
  }

  private Class<? extends TIntegral> type() {
    return format().bits() == Byte.SIZE ? TUint8.class : TUint16.class;
  }
}
