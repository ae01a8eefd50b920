package dev.atrous.samples.paper;

import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.cli.AtrousCli;

/** The command line for the models of the paper. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtrousCli.run(args, PaperRows.models().toArray(CompiledModel[]::new));
  }
}
