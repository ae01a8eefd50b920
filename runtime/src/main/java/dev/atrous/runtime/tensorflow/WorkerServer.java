package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Server;
import org.tensorflow.Session;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.JobDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.ServerDef;

/**
 * TensorFlow's server of this process: its graphs run in it, and meet those of the other workers'
 * servers in collective operations. There is one in a process, from its start to the end of the
 * process: TensorFlow can't stop one.
 *
 * <p>Variables live in the server, not in a session: a graph that names a variable like an earlier
 * one finds its values.
 *
 * <p>The server listens on all interfaces of the host, without passwords; TensorFlow offers nothing
 * else. So a group is taken only if all of its addresses are private ones ({@link
 * WorkerGroup#requirePrivateNetwork}), unless the user says otherwise.
 */
public final class WorkerServer {
  private static final Logger log = LoggerFactory.getLogger(WorkerServer.class);
  private static final String JOB = "worker";
  private static final String NO_PROXY = "no_grpc_proxy";
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(100);

  /**
   * Operations at a time, on a CPU: one that computes and one that sends or receives. More get in
   * each other's way.
   */
  private static final int OPERATIONS = 2;

  /** Also keeps the native server from being collected. */
  private static @Nullable WorkerServer started;

  private final WorkerGroup group;
  private final Device device;
  private final ConfigProto config;
  private final TargetSession sessions;

  @SuppressWarnings({"unused", "FieldCanBeLocal"}) // is not to be collected
  private final Server server;

  private WorkerServer(
      WorkerGroup group, Device device, ConfigProto config, TargetSession sessions, Server server) {
    this.group = group;
    this.device = device;
    this.config = config;
    this.sessions = sessions;
    this.server = server;
  }

  /**
   * Starts the server and waits until all other workers have theirs. A second call of a process
   * gives what the first one started.
   *
   * @param group of at least two workers
   * @param device {@link Device#CPU} or {@link Device#GPU}
   * @param threads of an operation on the CPU; 0 for one per core
   * @param allowPublicNetwork whether addresses may be others than private ones
   * @throws AtrousException if an address is not in a private network, the port is taken, this
   *     version of TensorFlow has no such servers, another group's server is running, or workers do
   *     not come in time; the message names them
   */
  public static synchronized WorkerServer start(
      WorkerGroup group, Device device, int threads, boolean allowPublicNetwork) {
    WorkerServer running = started;
    if (running != null) {
      if (!running.group.equals(group) || running.device != device) {
        throw new AtrousException(
            "This process is a worker of another group already. Start a process for each worker.");
      }
      return running;
    }
    if (group.isAlone()) {
      throw new IllegalArgumentException("a worker that trains alone needs no server");
    }
    if (!allowPublicNetwork) {
      group.requirePrivateNetwork();
    }
    NativeLibrary.load();
    TargetSession sessions = TargetSession.find();
    requireFreePort(group);
    withoutProxy(group);
    ConfigProto config = config(group.rank(), device, threads);
    WorkerServer server = new WorkerServer(group, device, config, sessions, listen(group, config));
    started = server;
    server.awaitOthers(allowPublicNetwork);
    return server;
  }

  private static Server listen(WorkerGroup group, ConfigProto config) {
    Server[] server = new Server[1];
    try {
      NativeLibrary.withoutChatter(
          () -> {
            server[0] = new Server(definition(group, config));
            server[0].start();
          });
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(
          e,
          cause ->
              new AtrousException(
                  "TensorFlow's server of %s does not start: %s"
                      .formatted(group.name(group.rank()), cause.getMessage()),
                  cause));
    }
    return server[0];
  }

  private static ServerDef definition(WorkerGroup group, ConfigProto config) {
    JobDef.Builder job = JobDef.newBuilder().setName(JOB);
    for (int worker = 0; worker < group.size(); worker++) {
      job.putTasks(worker, group.addresses().get(worker));
    }
    return ServerDef.newBuilder()
        .setProtocol("grpc")
        .setJobName(JOB)
        .setTaskIndex(group.rank())
        .setCluster(ClusterDef.newBuilder().addJob(job))
        .setDefaultSessionConfig(config)
        .build();
  }

  /**
   * The configuration of a server and of its sessions: operations stay in their own process, and
   * collective operations agree through the first one.
   */
  static ConfigProto config(int rank, Device device, int threads) {
    ConfigProto.Builder config = device.config(threads).toBuilder();
    if (device == Device.CPU) {
      config.clearSessionInterOpThreadPool(); // a server has one pool, for all of its sessions
      config.setInterOpParallelismThreads(OPERATIONS);
    }
    config.addDeviceFilters("/job:%s/task:%d".formatted(JOB, rank));
    config
        .getExperimentalBuilder()
        .setCollectiveGroupLeader("/job:%s/replica:0/task:0".formatted(JOB))
        .setCollectiveNccl(device == Device.GPU);
    return config.build();
  }

  /** TensorFlow's own error does not tell that the port is taken. */
  private static void requireFreePort(WorkerGroup group) {
    int port = group.address(group.rank()).port();
    try (ServerSocket socket = new ServerSocket(port)) {
      log.debug("port {} is free", socket.getLocalPort());
    } catch (IOException e) {
      throw new AtrousException(
          "The port %d of %s can't be used: %s. Another program, or an earlier worker that has not ended, may have it; end that, or write another port into the list of hosts (--hosts)."
              .formatted(port, group.name(group.rank()), e.getMessage()),
          e);
    }
  }

  /** TensorFlow would ask the proxy of {@code http_proxy} for the other workers. */
  private static void withoutProxy(WorkerGroup group) {
    Stream<String> hosts =
        IntStream.range(0, group.size()).mapToObj(worker -> group.address(worker).host());
    Stream<String> users = Stream.of(NO_PROXY, "no_proxy").map(System::getenv);
    NativeEnvironment.set(
        NO_PROXY,
        Stream.concat(users.filter(Objects::nonNull).limit(1), hosts)
            .distinct()
            .collect(Collectors.joining(",")));
  }

  /** TensorFlow waits without end for a leader that is not there. */
  private void awaitOthers(boolean allowPublicNetwork) {
    long end = System.nanoTime() + group.timeout().toNanos();
    List<Integer> missing = new ArrayList<>();
    for (int worker = 0; worker < group.size(); worker++) {
      if (worker != group.rank() && !isThere(worker, end)) {
        missing.add(worker);
      }
    }
    if (!missing.isEmpty()) {
      throw new AtrousException(
          "%s did not come within %d s. Is each started, with the same list of hosts and its own rank, and does a firewall let the others reach its port? All workers have to be started again."
              .formatted(
                  missing.stream().map(group::name).collect(Collectors.joining(", ")),
                  group.timeout().toSeconds()));
    }
    if (!allowPublicNetwork) {
      group.requirePrivateNetwork(); // all names are known now
    }
  }

  private boolean isThere(int worker, long end) {
    WorkerAddress address = group.address(worker);
    while (!address.accepts(PROBE)) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(BETWEEN_PROBES.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AtrousException("Stopped while waiting for %s.".formatted(group.name(worker)), e);
      }
    }
    return true;
  }

  /** The workers, as this one sees them. */
  public WorkerGroup group() {
    return group;
  }

  /** The device that the server was started for. */
  public Device device() {
    return device;
  }

  /**
   * A session on this process's server.
   *
   * @param graph that it runs; may grow
   * @throws RuntimeException TensorFlow's, if the server does not take it
   */
  public Session open(Graph graph) {
    return open(graph, group.rank());
  }

  /** How to run graphs with sums over the workers: not longer than these wait for each other. */
  public RunOptions limit() {
    return RunOptions.newBuilder().setTimeoutInMs(group.timeout().toMillis()).build();
  }

  /** A session on a worker's server. */
  Session open(Graph graph, int worker) {
    String target = "grpc://" + group.addresses().get(worker);
    ConfigProto own = worker == group.rank() ? config : config(worker, Device.CPU, 1);
    Session[] session = new Session[1];
    Runnable open = () -> session[0] = sessions.open(graph, target, own);
    if (device == Device.CPU || worker != group.rank()) {
      open.run();
    } else { // tells of the GPU
      NativeLibrary.withoutChatter(open);
    }
    return session[0];
  }

  /**
   * Addresses of this host that are not private, on any of its interfaces: the server listens on
   * them too. Empty if there are none, or the system does not tell.
   */
  public static List<InetAddress> publicAddressesOfHost() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !WorkerAddress.isPrivate(address))
          .toList();
    } catch (SocketException e) {
      log.debug("the interfaces are not known", e);
      return List.of();
    }
  }
}
