package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.doctor.Diagnosis;
import dev.atrous.runtime.doctor.Doctor;
import dev.atrous.runtime.doctor.Finding;
import dev.atrous.runtime.tensorflow.Device;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what this machine offers. Its exit code says whether a training can start. */
@Command(
    name = "doctor",
    sortOptions = false,
    description = {
      "Show what this machine offers: native library, processor, GPUs, CUDA, folders.",
      "The exit code is 0 if a training can start on the device, else 1; the reasons are listed."
    })
final class DoctorCommand extends BaseCommand {
  @Mixin DeviceOption on = new DeviceOption();

  @Override
  int run() {
    JsonOutput output = output();
    PrintWriter console = console(output);
    Diagnosis diagnosis =
        Doctor.examine(on.device, verbose ? line -> err().println(line) : line -> {});
    print(diagnosis, console);
    output.write(json(diagnosis));
    return diagnosis.canStart() ? AtrousCli.OK : AtrousCli.FAILED;
  }

  private static void print(Diagnosis diagnosis, PrintWriter console) {
    List<Finding> findings = diagnosis.findings();
    String layout =
        "%%-%ds  %%-%ds  %%-7s  %%s"
            .formatted(width(findings, Finding::area), width(findings, Finding::name));
    String area = "";
    for (Finding finding : findings) {
      String first = finding.area().equals(area) ? "" : finding.area();
      console.println(
          format(layout, first, finding.name(), name(finding.state()), finding.value()));
      area = finding.area();
    }
    console.println();
    advise(diagnosis, Finding.State.MISSING, "note: ", console);
    advise(diagnosis, Finding.State.PROBLEM, "problem: ", console);
    Device startsOn = diagnosis.startsOn();
    console.println(
        diagnosis.canStart() && startsOn != null
            ? "A training can start on the " + DeviceOption.name(startsOn) + "."
            : "A training can't start"
                + (device(diagnosis) == null ? "" : " on the " + device(diagnosis))
                + ".");
  }

  private static int width(List<Finding> findings, Function<Finding, String> column) {
    return findings.stream().map(column).mapToInt(String::length).max().orElse(1);
  }

  private static @Nullable String device(Diagnosis diagnosis) {
    return diagnosis.asked() == Device.AUTO ? null : DeviceOption.name(diagnosis.asked());
  }

  private static void advise(
      Diagnosis diagnosis, Finding.State state, String label, PrintWriter console) {
    List<String> said =
        diagnosis.findings().stream()
            .filter(finding -> finding.state() == state && !finding.advice().isEmpty())
            .map(
                finding -> label + finding.area() + ", " + finding.name() + ": " + finding.advice())
            .distinct()
            .toList();
    said.forEach(console::println);
    if (!said.isEmpty()) {
      console.println();
    }
  }

  private static ObjectNode json(Diagnosis diagnosis) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    Device startsOn = diagnosis.startsOn();
    json.put("device", DeviceOption.name(diagnosis.asked()));
    json.put("can_start", diagnosis.canStart());
    json.put("starts_on", startsOn == null ? null : DeviceOption.name(startsOn));
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : diagnosis.findings()) {
      ObjectNode one = findings.addObject();
      one.put("area", finding.area());
      one.put("name", finding.name());
      one.put("state", name(finding.state()));
      one.put("found", finding.value());
      one.put("advice", finding.advice());
    }
    return json;
  }

  private static String name(Finding.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
