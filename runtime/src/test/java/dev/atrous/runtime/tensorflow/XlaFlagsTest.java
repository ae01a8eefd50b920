package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XlaFlagsTest {

  @Test
  void flagsAreAddedToThoseOfTheUser() {
    assertThat(XlaFlags.with(null, "xla_dump_to", "/d")).isEqualTo("--xla_dump_to=/d");
    assertThat(XlaFlags.with(" --xla_a=1 ", "xla_dump_to", "/d"))
        .isEqualTo("--xla_a=1 --xla_dump_to=/d");
  }

  @Test
  void thoseOfTheUserWin() {
    assertThat(XlaFlags.with("--xla_b --xla_dump_to=/mine", "xla_dump_to", "/d"))
        .isEqualTo("--xla_b --xla_dump_to=/mine");
    assertThat(XlaFlags.with("--xla_b", "xla_b", "true")).isEqualTo("--xla_b");
    assertThat(XlaFlags.with("--xla_dump_to_more=/mine", "xla_dump_to", "/d"))
        .isEqualTo("--xla_dump_to_more=/mine --xla_dump_to=/d");
  }

  @Test
  void aFileOfFlagsIsLeftAlone() {
    assertThat(XlaFlags.with("/etc/flags.txt", "xla_dump_to", "/d")).isEqualTo("/etc/flags.txt");
  }

  @Test
  void valuesAreRead() {
    assertThat(XlaFlags.value("--xla_a=1 --xla_dump_to=/d e", "xla_dump_to")).hasValue("/d");
    assertThat(XlaFlags.value("--xla_b", "xla_b")).hasValue("");
    assertThat(XlaFlags.value("--xla_bc=2 no--xla_b=1", "xla_b")).isEmpty();
  }
}
