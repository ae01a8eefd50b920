package dev.atrous.samples.paper;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.runtime.model.CompiledModel;

/** The command line for the models of the paper. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtrousCli.run(args, PaperRows.models().toArray(CompiledModel[]::new));
  }
}
