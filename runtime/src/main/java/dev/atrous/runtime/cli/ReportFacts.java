package dev.atrous.runtime.cli;

import dev.atrous.runtime.Version;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.LabelCounts;
import dev.atrous.runtime.describe.Fact;
import dev.atrous.runtime.describe.Quantities;
import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.tensorflow.Cpu;
import dev.atrous.runtime.tensorflow.CudaDriver;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeFolder;
import dev.atrous.runtime.tensorflow.Precision;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.TensorFlow;

/** What a report says of the data, of the machine and of the versions of programs. */
final class ReportFacts {
  private ReportFacts() {}

  /** The data that a command works on. */
  static List<Fact> data(FolderDataset data, LabelCounts counts) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("folder", data.root().toString()));
    facts.add(new Fact("split", data.split()));
    facts.add(new Fact("images", Quantities.count(data.size())));
    facts.add(new Fact("layout", data.layout()));
    facts.add(new Fact("labels", data.labels().name()));
    facts.add(new Fact("classes in masks", counts.present().size() + " of " + data.classes()));
    facts.add(new Fact("checksum", data.checksum() + " (CRC-32 of the list of files)"));
    return facts;
  }

  /**
   * The curves of a training.
   *
   * @param directory of the run
   * @param remarks is told what is left out of them, where its log is damaged
   */
  static TrainingCurves curves(Path directory, Consumer<String> remarks) {
    return TrainingCurves.read(
        directory, problem -> remarks.accept("the report has not all curves: " + problem));
  }

  /** The machine, and what of it computes. */
  static List<Fact> machine(Device device, Precision precision, int threads) {
    List<Fact> facts = new ArrayList<>();
    String cores = Runtime.getRuntime().availableProcessors() + " cores";
    facts.add(new Fact("processor", Cpu.name().isEmpty() ? cores : Cpu.name() + ", " + cores));
    if (device == Device.GPU) {
      CudaDriver.find()
          .gpus()
          .forEach(
              gpu ->
                  facts.add(new Fact("GPU", gpu.name() + ", " + NativeFolder.size(gpu.memory()))));
    }
    facts.add(new Fact("computes on", DeviceOptions.name(device) + ", " + precision.on(device)));
    facts.add(new Fact("threads", threads == 0 ? "one per core" : String.valueOf(threads)));
    facts.add(
        new Fact(
            "system",
            "%s %s, %s"
                .formatted(
                    System.getProperty("os.name"),
                    System.getProperty("os.version"),
                    System.getProperty("os.arch"))));
    facts.add(
        new Fact("Java heap", "up to " + NativeFolder.size(Runtime.getRuntime().maxMemory())));
    return facts;
  }

  /** The programs. */
  static List<Fact> versions() {
    return List.of(
        new Fact("Atrous", Version.text()),
        new Fact("TensorFlow", TensorFlow.version()),
        new Fact("Java", Runtime.version() + ", " + System.getProperty("java.vendor")));
  }

  /** When and by what a page was made. */
  static String footer(String command) {
    return "Made by Atrous %s, %s, on %s UTC."
        .formatted(
            Version.text(),
            command,
            ZonedDateTime.now(ZoneOffset.UTC)
                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")));
  }
}
