package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a worker listens.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
record WorkerAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+(?:%\\w+)?)]|([^\\s:\\[\\]/]+)):(\\d{1,5})");
  private static final int LAST_PORT = 65_535;

  /**
   * @param text {@code host:port} or {@code [IPv6]:port}
   * @throws AtrousException if it is neither
   */
  static WorkerAddress parse(String text) {
    Matcher parts = TEXT.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(3)) : 0;
    if (port < 1 || port > LAST_PORT) {
      throw new AtrousException(
          "'%s' is no address of a worker: it must be host:port, for example 10.0.0.5:2222 or [fd00::5]:2222, with a port from 1 to %d."
              .formatted(text, LAST_PORT));
    }
    return new WorkerAddress(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
  }

  /** The addresses of the host. */
  List<InetAddress> resolve() throws UnknownHostException {
    return List.of(InetAddress.getAllByName(host));
  }

  /** The first address of the host that others than those on a private network can reach. */
  Optional<InetAddress> publicAddress() throws UnknownHostException {
    return resolve().stream().filter(address -> !isPrivate(address)).findFirst();
  }

  /** Whether an address is one of this host, its link, or a private network. */
  static boolean isPrivate(InetAddress address) {
    boolean uniqueLocal =
        address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || (address.isSiteLocalAddress() && !(address instanceof Inet6Address))
        || uniqueLocal;
  }

  /** Whether something accepts connections there within a time. */
  boolean accepts(Duration within) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(within.toMillis()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
