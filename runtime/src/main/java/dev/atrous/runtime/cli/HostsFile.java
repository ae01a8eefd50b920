package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The addresses of workers, {@code host:port} or {@code [IPv6]:port} a line, worker 0 first. Empty
 * lines do not count, nor does what follows a {@code #}.
 */
final class HostsFile {
  private HostsFile() {}

  /**
   * @throws AtrousException if it can't be read, or has no address
   */
  static List<String> read(Path file) {
    try {
      List<String> addresses =
          Files.readAllLines(file).stream()
              .map(line -> line.replaceFirst("#.*", "").strip())
              .filter(line -> !line.isEmpty())
              .toList();
      if (addresses.isEmpty()) {
        throw new AtrousException(
            "The list of hosts %s is empty: it must have a line host:port for each worker."
                .formatted(file));
      }
      return addresses;
    } catch (IOException e) {
      throw new AtrousException("The list of hosts %s can't be read: %s".formatted(file, e), e);
    }
  }

  /**
   * @throws AtrousException if it can't be written
   */
  static void write(Path file, List<String> addresses) {
    try {
      Files.write(file, addresses);
    } catch (IOException e) {
      throw new AtrousException("The list of hosts %s can't be written: %s".formatted(file, e), e);
    }
  }
}
