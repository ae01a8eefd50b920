package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuTest {
  @Test
  void readsTheFlagsOfTheFirstProcessor() {
    assertThat(
            Cpu.flags(
                List.of(
                    "processor\t: 0",
                    "flags\t\t: fpu avx512f amx_bf16",
                    "",
                    "processor\t: 1",
                    "flags\t\t: fpu")))
        .containsExactly("fpu", "avx512f", "amx_bf16");
  }

  @Test
  void findsNoneWhereThereAreNone() {
    assertThat(Cpu.flags(List.of("processor\t: 0", "Features\t: asimd"))).isEmpty();
  }
}
