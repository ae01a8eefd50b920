package dev.atrous.runtime.doctor;

import dev.atrous.runtime.tensorflow.Cpu;
import dev.atrous.runtime.tensorflow.CudaToolkit;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What Java sees of this machine by itself: nothing of it can end the process. */
final class Surroundings {
  private static final String PROCESSOR = "processor";

  /** Flags of Linux for what makes TensorFlow fast, by the names that people use. */
  private static final Map<String, String> FEATURES = new LinkedHashMap<>();

  static {
    FEATURES.put("AVX2", "avx2");
    FEATURES.put("AVX512", "avx512f");
    FEATURES.put("AVX512 bfloat16", "avx512_bf16");
    FEATURES.put("AMX bfloat16", "amx_bf16");
  }

  private final Consumer<Finding> found;

  Surroundings(Consumer<Finding> found) {
    this.found = found;
  }

  void machine() {
    Runtime runtime = Runtime.getRuntime();
    found.accept(
        Finding.ok(
            "Java",
            "JDK",
            "%s, %s, heap up to %s"
                .formatted(
                    Runtime.version(),
                    System.getProperty("java.vendor"),
                    NativeFolder.size(runtime.maxMemory()))));
    found.accept(
        Finding.ok(
            "system",
            "system",
            "%s %s, %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"))));
  }

  void processor() {
    String cores = Runtime.getRuntime().availableProcessors() + " cores";
    found.accept(
        Finding.ok(PROCESSOR, "model", Cpu.name().isEmpty() ? cores : Cpu.name() + ", " + cores));
    List<String> flags = Cpu.flags();
    FEATURES.forEach(
        (name, flag) ->
            found.accept(
                flags.contains(flag)
                    ? Finding.ok(PROCESSOR, name, "yes")
                    : Finding.missing(PROCESSOR, name, flags.isEmpty() ? "not known" : "no", "")));
  }

  void folders() {
    folder("native libraries", NativeFolder.cache(), Finding.State.PROBLEM);
    folder("temporary files", NativeFolder.temporary(), Finding.State.MISSING);
  }

  private void folder(String name, NativeFolder folder, Finding.State otherwise) {
    String value = "%s, %s left".formatted(folder.path(), NativeFolder.size(folder.usable()));
    Optional<String> problem = folder.problem(0);
    found.accept(
        new Finding(
            "folders",
            name,
            problem.isPresent() ? otherwise : Finding.State.OK,
            value,
            problem.orElse("")));
  }

  /** What XLA needs for a GPU. */
  void toolkit(Device device) {
    if (device == Device.CPU) {
      return;
    }
    CudaToolkit toolkit = CudaToolkit.find();
    found.accept(
        toolkit
            .libdevice()
            .map(file -> Finding.ok("XLA", "libdevice", file.toString()))
            .orElseGet(
                () -> Finding.missing("XLA", "libdevice", "none", toolkit.problem().orElse(""))));
    found.accept(
        toolkit
            .ptxas()
            .map(file -> Finding.ok("XLA", "ptxas", file.toString()))
            .orElseGet(
                () -> Finding.missing("XLA", "ptxas", "none: the driver does its work", "")));
  }
}
