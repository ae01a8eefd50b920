package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import dev.atrous.runtime.tensorflow.WorkerServer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.Wire;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The workers that perform the steps of a training together. */
final class WorkerOptions {
  /** Where a worker finds the list of hosts, if no option says so. */
  static final String HOSTS_VARIABLE = "ATROUS_HOSTS";

  /** Which of them it is. */
  static final String RANK_VARIABLE = "ATROUS_RANK";

  /** Variables in which Slurm, Open MPI and programs like torchrun tell a process its rank. */
  private static final List<String> RANK_VARIABLES =
      List.of(RANK_VARIABLE, "SLURM_PROCID", "OMPI_COMM_WORLD_RANK", "RANK");

  /** How many to start here. */
  static final String WORKERS = "--workers";

  private static final String HOSTS = "--hosts";
  private static final String RANK = "--rank";
  private static final String TIMEOUT = "--worker-timeout";
  private static final String WIRE = "--wire";
  private static final String PUBLIC = "--allow-public-network";

  @Option(
      names = WORKERS,
      paramLabel = "N",
      description =
          "With N processes on this host, each with its share of the cores, or a GPU of its own; a"
              + " step is then of N batches. Default: 1.")
  @Nullable Integer workers;

  @Option(
      names = HOSTS,
      paramLabel = "FILE",
      description =
          "Be one of the workers of this list, a line host:port for each; or the variable"
              + " ATROUS_HOSTS.")
  @Nullable Path hosts;

  @Option(
      names = RANK,
      paramLabel = "R",
      description =
          "Which line of --hosts this worker is, from 0; or the variable ATROUS_RANK, SLURM_PROCID,"
              + " OMPI_COMM_WORLD_RANK or RANK.")
  @Nullable Integer rank;

  @Option(
      names = TIMEOUT,
      paramLabel = "SECONDS",
      description = "How long workers wait for each other; default: 300.")
  int timeout = Math.toIntExact(WorkerGroup.DEFAULT_TIMEOUT.toSeconds());

  @Option(
      names = PUBLIC,
      description =
          "Let workers have addresses outside private networks. Whoever reaches their ports can run"
              + " code in them.")
  boolean allowPublicNetwork;

  @Option(
      names = WIRE,
      paramLabel = "NUMBERS",
      description =
          "In what numbers workers send each other gradients: float32, or bfloat16, half as many"
              + " bytes, which rounds them; default: float32.")
  Wire wire = Wire.FLOAT32;

  private Map<String, String> environment = System.getenv();

  /** For tests: as with these variables. */
  void setEnvironment(Map<String, String> environment) {
    this.environment = environment;
  }

  /** What the process that started this one tells it; empty if none did. */
  Optional<LaunchedWorker> launched() {
    return LaunchedWorker.of(environment);
  }

  /** Whether this process is to start the workers, and not to be one. */
  boolean launches() {
    return workers != null && launched().isEmpty();
  }

  /**
   * Threads of an operation on the CPU.
   *
   * @param option the command line's
   * @param given whether it is there
   */
  int threads(int option, boolean given) {
    return given ? option : launched().map(LaunchedWorker::threads).orElse(option);
  }

  /**
   * Starts the server of this worker and waits for the others; does nothing where there are none.
   *
   * @param options of the steps that it is to perform first
   * @param note for what is no error
   * @throws AtrousException if it can't be one of the group, or others do not come
   */
  void join(WorkerGroup group, TrainingOptions options, Consumer<String> note) {
    if (launched().isPresent()) {
      LaunchedWorker.endWithLauncher();
    }
    if (group.isAlone()) {
      return;
    }
    List<InetAddress> reachable = WorkerServer.publicAddressesOfHost();
    if (!reachable.isEmpty()) {
      note.accept(
          "the workers of this host can be reached at %s too, and do what they are asked there: a firewall must keep others from their ports"
              .formatted(reachable.get(0).getHostAddress()));
    }
    WorkerServer.start(group, options.device().resolve(), options.threads(), allowPublicNetwork);
  }

  /**
   * Lets the training end in good order, after a step: when one worker is told to end, all do.
   * Ctrl-C reaches all workers that were launched, and the first one is enough.
   */
  void arm(StopSignal stop, WorkerGroup group) {
    if (!group.isLeader() && launched().isPresent()) {
      stop.hold();
    } else {
      stop.arm();
    }
  }

  /**
   * Checks that the options go together.
   *
   * @param isGiven whether an option is on the command line
   * @throws AtrousException if they do not
   */
  private void check(Predicate<String> isGiven) {
    if (launched().isPresent()) {
      return; // they are those of the process that started this one, which checked them
    }
    if (workers != null) {
      checkLaunch();
    }
    boolean several = areSeveral();
    if (!several && isGiven.test(RANK)) {
      throw new AtrousException(
          RANK + " says which worker of --hosts this is: give that, too, or leave it out.");
    }
    for (String option : List.of(TIMEOUT, PUBLIC, WIRE)) {
      if (!several && isGiven.test(option)) {
        throw new AtrousException(option + " goes with --workers or --hosts.");
      }
    }
  }

  private void checkLaunch() {
    if (workers != null && (workers < 2 || workers > WorkerGroup.MOST)) {
      throw new AtrousException(
          "%s %d is not possible: it must be from 2 to %d."
              .formatted(WORKERS, workers, WorkerGroup.MOST));
    }
    if (hosts != null || rank != null) {
      throw new AtrousException(
          "%s starts all workers, on this host; %s makes this process one of them. Leave out one of the two."
              .formatted(WORKERS, hosts != null ? HOSTS : RANK));
    }
    if (environment.containsKey(HOSTS_VARIABLE)) {
      throw new AtrousException(
          "%s starts all workers, on this host, and the variable %s makes this process one of them. Leave out one of the two."
              .formatted(WORKERS, HOSTS_VARIABLE));
    }
  }

  /** Whether this process starts workers, or is one of several. */
  boolean areSeveral() {
    return workers != null || hostsFile().isPresent();
  }

  private Optional<Path> hostsFile() {
    return hosts == null
        ? Optional.ofNullable(environment.get(HOSTS_VARIABLE)).map(Path::of)
        : Optional.of(hosts);
  }

  /**
   * The workers that this process is one of; {@link WorkerGroup#ALONE} if there are no others, or
   * it is to start them.
   *
   * @param isGiven whether an option is on the command line
   * @throws AtrousException if options do not go together, its rank is not known or not in the
   *     list, or the list is wrong
   */
  WorkerGroup group(Predicate<String> isGiven) {
    check(isGiven);
    Optional<Path> file = hostsFile();
    if (file.isEmpty() || launches()) {
      return WorkerGroup.ALONE;
    }
    List<String> addresses = HostsFile.read(file.get());
    return new WorkerGroup(rank(file.get()), addresses, Duration.ofSeconds(timeout));
  }

  private int rank(Path file) {
    if (rank != null) {
      return rank;
    }
    for (String variable : RANK_VARIABLES) {
      String value = environment.get(variable);
      if (value != null) {
        try {
          return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
          throw new AtrousException(
              "The variable %s is '%s'; it must be the rank of this worker, a number from 0."
                  .formatted(variable, value),
              e);
        }
      }
    }
    throw new AtrousException(
        "Which worker of %s is this? Say so with %s R (0 for its first line) or the variable %s."
            .formatted(file, RANK, RANK_VARIABLE));
  }
}
