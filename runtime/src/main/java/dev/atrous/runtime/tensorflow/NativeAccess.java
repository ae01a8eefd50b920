package dev.atrous.runtime.tensorflow;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The permission to call native code. JDK 24 and newer warn where it was not given, and refuse with
 * {@code --illegal-native-access=deny}, as they will by default one day.
 */
public final class NativeAccess {
  private static final List<String> POLICIES =
      List.of("--illegal-native-access=", "--sun-misc-unsafe-memory-access=");

  private NativeAccess() {}

  /** The option of {@code java} that gives it to what calls native code here. */
  private static String option() {
    return "--enable-native-access="
        + (NativeAccess.class.getModule().isNamed()
            ? "com.sun.jna,org.bytedeco.javacpp,tensorflow.nativelib"
            : "ALL-UNNAMED");
  }

  /** The options with which another JVM has the permission if this one has it. */
  public static List<String> options() {
    List<String> options = new ArrayList<>();
    if (isGiven()) {
      options.add(option());
    }
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> POLICIES.stream().anyMatch(argument::startsWith))
        .forEach(options::add);
    return options;
  }

  /** Whether it is given, by an option or by the manifest of the jar that was started. */
  private static boolean isGiven() {
    try {
      Object given =
          Module.class.getMethod("isNativeAccessEnabled").invoke(NativeAccess.class.getModule());
      return Boolean.TRUE.equals(given);
    } catch (ReflectiveOperationException e) {
      return false; // a JDK that does not ask for it
    }
  }

  /**
   * What to do, if an error comes from the lack of it.
   *
   * @param root the error's first cause
   */
  static Optional<String> advice(Throwable root) {
    // The second error of a class that did not start quotes the first.
    boolean lacks =
        root instanceof IllegalCallerException
            || String.valueOf(root.getMessage()).contains(IllegalCallerException.class.getName());
    return lacks
        ? Optional.of("This JVM denies native access. Start it with " + option() + ".")
        : Optional.empty();
  }
}
