package dev.atrous.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class WriteFailureTest {
  @Test
  void aFullDiskIsCalledThat() {
    IOException full = new IOException("No space left on device");
    assertThat(WriteFailure.isFullDisk(full)).isTrue();
    assertThat(WriteFailure.isFullDisk(new UncheckedIOException("x", full))).isTrue();
    assertThat(WriteFailure.of("The file a", full))
        .hasMessage(
            "The file a could not be written: the disk is full. Make room, or choose a folder on"
                + " another disk.")
        .hasCause(full);
  }

  @Test
  void otherFailuresAreNot() {
    IOException other = new IOException("Input/output error");
    assertThat(WriteFailure.isFullDisk(other)).isFalse();
    assertThat(WriteFailure.isFullDisk(new IllegalStateException())).isFalse();
    assertThat(WriteFailure.of("The file a", other))
        .hasMessageContaining(
            "The file a could not be written: java.io.IOException: Input/output error");
  }
}
