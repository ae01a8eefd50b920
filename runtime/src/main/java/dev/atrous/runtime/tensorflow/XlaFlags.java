package dev.atrous.runtime.tensorflow;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What XLA reads of the environment variable {@code XLA_FLAGS}, once in a process: the user's
 * flags, and others that Atrous adds to them. Those of the user win.
 */
final class XlaFlags {
  private static final String VARIABLE = "XLA_FLAGS";

  /** The folder of an installed CUDA, for {@code libdevice} and {@code ptxas}. */
  static final String CUDA_FOLDER = "xla_gpu_cuda_data_dir";

  /** To let the driver assemble where there is no {@code ptxas}, instead of ending the process. */
  static final String DRIVER_ASSEMBLES = "xla_gpu_unsafe_fallback_to_driver_on_ptxas_not_found";

  /**
   * Convolutions of float32 on maps as the graph has them, {@code [N, H, W, C]}. By default XLA
   * transposes them, and a step took a sixth longer.
   */
  static final String CHANNELS_LAST = "xla_gpu_force_conv_nhwc";

  /** The folder that programs are written to. */
  static final String DUMP = "xla_dump_to";

  private static @Nullable String flags = System.getenv(VARIABLE);

  private XlaFlags() {}

  /** Whether the user has set flags. XLA ends the process if it does not know one. */
  static boolean areUsers() {
    return System.getenv(VARIABLE) != null;
  }

  /** The value of a flag that was set. */
  static Optional<String> value(String flag) {
    return value(String.valueOf(flags), flag);
  }

  static Optional<String> value(String flags, String flag) {
    Matcher set = Pattern.compile("(?:^|\\s)--" + flag + "(?:=(\\S*))?(?=\\s|$)").matcher(flags);
    return set.find()
        ? Optional.of(Optional.ofNullable(set.group(1)).orElse(""))
        : Optional.empty();
  }

  /** Sets a flag, unless the user did. */
  static synchronized void setDefault(String flag, String value) {
    String added = with(flags, flag, value);
    if (!added.equals(flags)) {
      flags = added;
      NativeEnvironment.set(VARIABLE, added);
    }
  }

  /**
   * Flags with one more. Without a dash at the beginning they are the name of a file of flags,
   * which can't be added to.
   */
  static String with(@Nullable String flags, String flag, String value) {
    String present = flags == null ? "" : flags.strip();
    boolean isFile = !present.isEmpty() && !present.startsWith("-");
    return isFile || value(present, flag).isPresent()
        ? present
        : (present + " --" + flag + "=" + value).strip();
  }
}
