package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.MeanPixel;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import java.util.function.Consumer;
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
  private final MeanPixel padding;

  private ImageInput(MeanPixel padding) {
    this.padding = padding;
  }

  /** That of a model. */
  public static ImageInput of(ModelDescription model) {
    PixelScale scale = model.pixels();
    PixelFormat format =
        new PixelFormat(scale.bands(), scale.bits()).showing(scale.mean(), scale.deviation());
    return new ImageInput(
        model.hasConventionalPixels() ? MeanPixel.IMAGENET : new MeanPixel(format, scale.mean()));
  }

  /** What the pixels of images must be. */
  public PixelFormat format() {
    return padding.format();
  }

  /** What stands where a batch has no image. */
  public MeanPixel padding() {
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
