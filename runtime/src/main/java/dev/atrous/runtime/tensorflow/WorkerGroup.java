package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The workers that train a model together, as one of them sees them. Each is a process.
 *
 * @param rank of this worker, from 0; worker 0 leads: it writes checkpoints and reports
 * @param addresses where each worker listens, {@code host:port} or {@code [IPv6]:port}, by rank;
 *     the same list in every worker; empty for a worker that trains alone
 * @param timeout how long this worker waits for the others, at the start and in each sum of all
 *     workers; at least a second
 */
public record WorkerGroup(int rank, List<String> addresses, Duration timeout) {
  /** How long a worker waits for others, unless something else is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  /** The most workers of a group. */
  public static final int MOST = 64;

  /** One worker, without others. */
  public static final WorkerGroup ALONE = new WorkerGroup(0, List.of(), DEFAULT_TIMEOUT);

  /**
   * @throws AtrousException for a rank that is none of the list's, an address that is none, or one
   *     that two workers have, or a timeout out of range
   */
  public WorkerGroup {
    addresses = List.copyOf(addresses);
    int size = Math.max(1, addresses.size());
    if (size > MOST) {
      throw new AtrousException(
          "There are %d workers; there can be at most %d.".formatted(size, MOST));
    }
    if (rank < 0 || rank >= size) {
      throw new AtrousException(
          "The rank of this worker is %d; with %d workers it must be from 0 to %d."
              .formatted(rank, size, size - 1));
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new AtrousException(
          "The time that workers wait for each other is %s; it must be a second or more."
              .formatted(timeout));
    }
    Set<WorkerAddress> seen = new HashSet<>();
    for (String address : addresses) {
      if (!seen.add(WorkerAddress.parse(address))) {
        throw new AtrousException(
            "Two workers have the address %s. Give each one of its own.".formatted(address));
      }
    }
  }

  /**
   * Addresses for workers on this host, with ports that nobody has now. Another program may take
   * one before its worker does.
   *
   * @param count how many, all different
   * @throws IOException if there are not so many free ports
   */
  public static List<String> freeAddresses(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<String> addresses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0);
        sockets.add(socket);
        addresses.add("127.0.0.1:" + socket.getLocalPort());
      }
      return addresses;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** How many workers there are, at least 1. */
  public int size() {
    return Math.max(1, addresses.size());
  }

  /** Whether there are no others. */
  public boolean isAlone() {
    return size() == 1;
  }

  /** Whether this worker is the one that writes checkpoints and reports. */
  public boolean isLeader() {
    return rank == 0;
  }

  /** The address of a worker. */
  WorkerAddress address(int worker) {
    return WorkerAddress.parse(addresses.get(worker));
  }

  /** A worker for messages: {@code worker 2 (10.0.0.7:2222)}. */
  public String name(int worker) {
    return "worker %d (%s)".formatted(worker, addresses.get(worker));
  }

  /**
   * Checks that all workers are on this host or in a private network: TensorFlow's server does what
   * everybody asks who reaches it, and listens on all of the host's interfaces. Names that are not
   * known yet are not looked at.
   *
   * @throws AtrousException that names a worker with another address
   */
  public void requirePrivateNetwork() {
    for (int worker = 0; worker < addresses.size(); worker++) {
      publicAddress(worker)
          .ifPresent(
              problem -> {
                throw new AtrousException(problem);
              });
    }
  }

  /** Why a worker is not in a private network; empty if it is, or its name is not known yet. */
  private Optional<String> publicAddress(int worker) {
    try {
      Optional<InetAddress> address = address(worker).publicAddress();
      return address.map(
          reachable ->
              "The address of %s%s is not in a private network. TensorFlow's server has no passwords and no encryption: whoever reaches it can run code in the training. Use addresses of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fd00::/8), or, where a firewall lets only the workers through, allow it with --allow-public-network."
                  .formatted(
                      name(worker),
                      addresses.get(worker).contains(reachable.getHostAddress())
                          ? ""
                          : ", " + reachable.getHostAddress() + ","));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
