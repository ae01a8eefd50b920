package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CudaDriverTest {

  @Test
  void isAskedWhateverThereIs() {
    CudaDriver driver = CudaDriver.find();
    assertThat(driver.problem().isPresent()).isEqualTo(driver.gpus().isEmpty());
    if (driver.gpus().isEmpty()) {
      assertThat(driver.take()).isEqualTo(driver.problem());
    }
  }

  @Test
  void versionsAreReadable() {
    assertThat(CudaDriver.version(12_060)).isEqualTo("12.6");
    assertThat(CudaDriver.version(13_000)).isEqualTo("13.0");
    assertThat(CudaDriver.tooOld(11_040))
        .contains("for CUDA 11.4")
        .contains("Install driver 525 or newer");
  }

  @Test
  void everyErrorSaysWhatToDo() {
    assertThat(CudaDriver.notStarted(803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"))
        .contains("different versions (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH)")
        .contains("Restart");
    assertThat(CudaDriver.notStarted(34, "CUDA_ERROR_STUB_LIBRARY")).contains("'stubs'");
    assertThat(CudaDriver.notStarted(999, "CUDA_ERROR_UNKNOWN"))
        .contains("(CUDA_ERROR_UNKNOWN)")
        .contains("nvidia-smi");
    assertThat(CudaDriver.notTaken("H100", 46, "CUDA_ERROR_DEVICE_UNAVAILABLE"))
        .startsWith("The GPU (H100) is taken by another process")
        .contains("CUDA_VISIBLE_DEVICES=1");
    assertThat(CudaDriver.notTaken("H100", 2, "CUDA_ERROR_OUT_OF_MEMORY"))
        .startsWith("The GPU (H100) has no memory left");
  }
}
