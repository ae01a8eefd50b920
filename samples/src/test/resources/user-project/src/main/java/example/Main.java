package example;

import dev.atrous.runtime.cli.AtrousCli;

final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtrousCli.run(args, new DiscsModel());
  }
}
