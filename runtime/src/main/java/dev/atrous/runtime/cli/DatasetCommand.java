package dev.atrous.runtime.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What can be done with data alone. */
@Command(
    name = "dataset",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look at a folder of images and masks.")
final class DatasetCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Mixin HelpOption help = new HelpOption();

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return AtrousCli.USAGE;
  }
}
