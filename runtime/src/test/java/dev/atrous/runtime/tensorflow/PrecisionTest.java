package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class PrecisionTest {
  private static final String ENABLED = "_ZN3tsl33tensor_float_32_execution_enabledEv";

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, CPU, FLOAT32",
    "FLOAT32, GPU, FLOAT32",
    "TF32, CPU, FLOAT32",
    "TF32, GPU, TF32",
    "BFLOAT16, CPU, BFLOAT16",
    "BFLOAT16, GPU, BFLOAT16"
  })
  void dependsOnTheDevice(Precision asked, Device device, Precision expected) {
    assertThat(asked.on(device)).isEqualTo(expected);
  }

  @Test
  void autoIsWhatIsFasterOnTheCpu() {
    Precision fastest = Precision.AUTO.on(Device.CPU);
    assertThat(fastest)
        .isEqualTo(Bfloat16Speed.pays() ? Precision.BFLOAT16 : Precision.FLOAT32)
        .isEqualTo(Precision.AUTO.on(Device.CPU));
    assertThatThrownBy(Precision.AUTO::maps).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysWhatMapsAreMadeOf() {
    assertThat(Precision.FLOAT32.maps()).isEqualTo(TFloat32.class);
    assertThat(Precision.TF32.maps()).isEqualTo(TFloat32.class);
    assertThat(Precision.BFLOAT16.maps()).isEqualTo(TBfloat16.class);
  }

  @ParameterizedTest
  @CsvSource({"7.5, false", "8.0, true", "9.0, true", "12.0, true"})
  void gpusHaveBfloat16FromAmpereOn(String capability, boolean expected) {
    assertThat(CudaDriver.multipliesBfloat16(capability)).isEqualTo(expected);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tensorFlowsSwitchForTf32IsTurned() {
    TensorFloat32.set(false);
    assertThat(isTf32Enabled()).isFalse();
    TensorFloat32.set(true);
    assertThat(isTf32Enabled()).isTrue();
  }

  private static boolean isTf32Enabled() {
    SharedLibrary library = SharedLibrary.open("libtensorflow_framework.so.2");
    return (library.call(ENABLED) & 0xff) != 0;
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessHasOneOfThem() {
    Precision.FLOAT32.prepare(Device.CPU);
    Precision.TF32.prepare(Device.GPU);
    Precision.BFLOAT16.prepare(Device.GPU);
    assertThat(isTf32Enabled()).isTrue();
    assertThatThrownBy(() -> Precision.FLOAT32.prepare(Device.GPU))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("the precision tf32 on its GPU, and can't compute with float32");
  }
}
