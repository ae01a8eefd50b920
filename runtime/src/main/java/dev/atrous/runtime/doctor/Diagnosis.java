package dev.atrous.runtime.doctor;

import dev.atrous.runtime.tensorflow.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about this machine.
 *
 * @param asked the device that a training was to start on
 * @param startsOn the device that it would start on; null if it would not
 * @param findings in the order to read them in
 */
public record Diagnosis(Device asked, @Nullable Device startsOn, List<Finding> findings) {
  /** Whether a training can start on the device asked for. */
  public boolean canStart() {
    return startsOn != null
        && findings.stream().noneMatch(finding -> finding.state() == Finding.State.PROBLEM);
  }
}
