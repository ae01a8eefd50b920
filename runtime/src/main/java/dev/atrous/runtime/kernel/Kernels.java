package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.tensorflow.Device;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Which convolutions are the fastest on this machine. */
public final class Kernels {
  private Kernels() {}

  /**
   * For a training step.
   *
   * @param graph where it goes
   * @param maps the numbers of feature maps
   * @param device {@link Device#CPU} or {@link Device#GPU}
   * @param xla whether XLA compiles the step
   */
  public static ConvolutionKernel training(
      Ops graph, Class<? extends TFloating> maps, Device device, boolean xla) {
    ConvolutionKernel plain = new TensorFlowKernel();
    if (xla) {
      boolean split = device == Device.GPU && SpaceToBatchKernel.paysOnGpu(maps);
      return split ? new SpaceToBatchKernel(plain) : plain;
    }
    if (device == Device.GPU) {
      return plain;
    }
    ConvolutionKernel direct = direct(maps);
    return Winograd.suits(maps) ? new WinogradKernel(new Winograd(graph), direct) : direct;
  }

  /**
   * For an inference graph.
   *
   * @param graph where it goes
   * @param parameters the values of weights
   * @param maps the numbers of feature maps
   * @param device {@link Device#CPU} or {@link Device#GPU}
   */
  public static ConvolutionKernel inference(
      Ops graph, FixedParameters parameters, Class<? extends TFloating> maps, Device device) {
    if (device == Device.GPU) {
      return new TensorFlowKernel();
    }
    return OneDnn.convolves(maps)
        ? new OneDnnKernel(graph, parameters, maps, byTaps(maps))
        : direct(maps);
  }

  private static ConvolutionKernel direct(Class<? extends TFloating> maps) {
    if (maps != TFloat32.class && !OneDnn.convolves(maps)) {
      return new WideningKernel();
    }
    ConvolutionKernel direct = new TensorFlowKernel();
    return byTaps(maps) ? new TapsKernel(direct) : direct;
  }

  /** Whether atrous convolutions are computed tap by tap. */
  private static boolean byTaps(Class<? extends TFloating> maps) {
    return maps != TFloat32.class && TapsKernel.pays();
  }
}
