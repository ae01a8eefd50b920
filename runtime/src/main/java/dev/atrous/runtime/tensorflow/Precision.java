package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.util.Locale;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The numbers that a network is computed with. Parameters, statistics of batch normalisation, class
 * scores, loss and updates are in float32 with each of them.
 */
public enum Precision {
  /** float32 throughout, also in the products of a GPU. */
  FLOAT32,
  /**
   * float32, of which a GPU's tensor cores read the first 10 bits of the fraction when they
   * multiply; sums are in float32. What TensorFlow and PyTorch do with convolutions by default. On
   * a CPU and on GPUs without TF32 it is {@link #FLOAT32}.
   */
  TF32,
  /**
   * Feature maps, their derivatives, and the weights that meet them in bfloat16: the range of
   * float32, and 7 bits of the fraction. They take half the memory. Sums are in float32.
   */
  BFLOAT16,
  /**
   * What is fastest on the device: {@link #BFLOAT16} on GPUs from compute capability 8.0 on, and on
   * a CPU if it is clearly faster than float32 there, which is measured; otherwise {@link #TF32}.
   */
  AUTO;

  /**
   * What is computed with on a device: {@link #FLOAT32}, {@link #TF32} or {@link #BFLOAT16}.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   */
  public Precision on(Device device) {
    return switch (this) {
      case FLOAT32, BFLOAT16 -> this;
      case TF32 -> device == Device.CPU ? FLOAT32 : TF32;
      case AUTO -> {
        boolean faster =
            device == Device.CPU ? Bfloat16Speed.pays() : CudaDriver.find().multipliesBfloat16();
        yield faster ? BFLOAT16 : TF32.on(device);
      }
    };
  }

  /**
   * Prepares the process for sessions on a device.
   *
   * @throws AtrousException if it has computed on a GPU in {@link #FLOAT32} and this is another
   *     precision, or the other way round: that is a setting of the process
   */
  public void prepare(Device device) {
    if (device == Device.GPU) {
      TensorFloat32.choose(this != FLOAT32);
    }
  }

  /** The numbers of feature maps; not of {@link #AUTO}. */
  public Class<? extends TFloating> maps() {
    return switch (this) {
      case FLOAT32, TF32 -> TFloat32.class;
      case BFLOAT16 -> TBfloat16.class;
      case AUTO -> throw new IllegalStateException("it depends on the device");
    };
  }

  /** As options spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
