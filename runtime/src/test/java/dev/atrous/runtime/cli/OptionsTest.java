package dev.atrous.runtime.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Options that several commands have mean the same in all of them, and are declared once. */
class OptionsTest {
  /** Options that mean something else in each command, or in one: why they are declared again. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of(
          "--steps", "of a whole training, or the runs of a measurement that count",
          "--report", "into the directory of a run, or into one of its own",
          "--output", "for checkpoints, for pictures, or for imported weights",
          "--skip-classifier", "of weights of another program, or of a checkpoint to start from",
          "import --weights", "the file of another program, not a checkpoint of train");

  /**
   * An option of a command.
   *
   * @param declaration the annotated field
   */
  private record Use(String command, String option, Object declaration) {
    boolean isException() {
      return EXCEPTIONS.containsKey(option) || EXCEPTIONS.containsKey(command + " " + option);
    }
  }

  @Test
  void eachIsDeclaredOnce() {
    Map<String, Set<Object>> declarations =
        uses()
            .filter(use -> !use.isException())
            .collect(groupingBy(Use::option, mapping(Use::declaration, toSet())));
    assertThat(declarations)
        .containsKeys("--data", "--help")
        .allSatisfy((option, fields) -> assertThat(fields).as(option).hasSize(1));
  }

  @Test
  void exceptionsAreDeclaredAgain() {
    Map<String, Set<Object>> declarations =
        uses().collect(groupingBy(Use::option, mapping(Use::declaration, toSet())));
    for (String exception : EXCEPTIONS.keySet()) {
      String option = exception.substring(exception.indexOf("--"));
      assertThat(declarations.get(option)).as(exception).hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--weights, train evaluate predict import bench",
    "--output-stride, train evaluate predict bench",
    "--crop, train evaluate predict bench",
    "--batch-size, train evaluate predict bench",
    "--xla, train bench",
    "--data, train evaluate bench",
    "--split, train evaluate",
    "--seed, train import"
  })
  void noOtherCommandHasThem(String option, String commands) {
    assertThat(uses().filter(use -> use.option().equals(option)).map(Use::command))
        .containsExactlyInAnyOrder(commands.split(" "));
  }

  private static Stream<Use> uses() {
    Models models = new Models(new CompiledModel[] {NamedModel.of("Tiny")});
    try (StopSignal stop = new StopSignal()) {
      return AtrousCli.commandLine(models, stop).getSubcommands().values().stream()
          .flatMap(OptionsTest::uses);
    }
  }

  private static Stream<Use> uses(CommandLine command) {
    List<OptionSpec> options = command.getCommandSpec().options();
    return options.stream()
        .flatMap(
            option ->
                Arrays.stream(option.names())
                    .map(name -> new Use(command.getCommandName(), name, option.userObject())));
  }
}
