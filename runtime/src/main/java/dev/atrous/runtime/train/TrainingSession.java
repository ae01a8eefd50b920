package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.StepParts;
import dev.atrous.runtime.op.WorkerSums;
import dev.atrous.runtime.predict.ImageInput;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import dev.atrous.runtime.tensorflow.Timeline;
import dev.atrous.runtime.tensorflow.WorkerProbe;
import dev.atrous.runtime.tensorflow.WorkerServer;
import dev.atrous.runtime.tensorflow.Xla;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The variables of a run and the steps that change them: a graph is fed, run and read. */
final class TrainingSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainingSession.class);

  private final TrainingOptions options;
  private final TrainingErrors errors;
  private final Device device;
  private final TrainingGraph graph;
  private final Session session;
  private final @Nullable Xla xla;
  private final @Nullable WorkerServer server;
  private final WorkerExchange exchange;
  private Optional<Xla.Program> xlaProgram = Optional.empty();
  private final ImageInput input;
  private final PixelTotal pixelTotal;
  private long steps;

  /**
   * Builds the graph. The variables have no values yet.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   * @param xla to compile the step; null to run it operation by operation
   * @param server of this worker; null if it trains alone
   * @param exchange with the other workers; closed with the session
   */
  TrainingSession(
      CompiledModel model,
      TrainingOptions options,
      TrainingErrors errors,
      Device device,
      @Nullable Xla xla,
      @Nullable WorkerServer server,
      WorkerExchange exchange) {
    this.options = options;
    input = ImageInput.of(model.description());
    this.errors = errors;
    this.device = device;
    this.xla = xla;
    Precision precision = options.precision().on(device);
    precision.prepare(device);
    this.server = server;
    this.exchange = exchange;
    WorkerSums sums =
        server == null ? WorkerSums.ALONE : new WorkerCollectives(server.group(), options.wire());
    boolean accumulated = options.accumulate() > 1 || (xla != null && sums.workers() > 1);
    StepParts parts = new StepParts(accumulated, sums);
    graph = TrainingGraph.of(model, options, precision.maps(), device, xla != null, parts);
    pixelTotal = new PixelTotal(model.description(), options.classWeights());
    session =
        server == null
            ? device.open(graph.graph(), device.config(options.threads()))
            : server.open(graph.graph());
  }

  /** Sets initial values. */
  void initialise() {
    Session.Runner runner = session.runner().setOptions(device.sideBySide());
    graph.initialValues().forEach(runner::addTarget);
    runner.run().close();
    clear();
  }

  /**
   * Has XLA compile the step, by performing it on black images. It is not counted, but changes the
   * variables: their values are to be set before and again afterwards. Does nothing without XLA.
   *
   * @throws AtrousException if XLA can't compile it, or memory runs out
   */
  void compile() {
    String function = graph.xlaFunction();
    if (xla == null || function == null) {
      return;
    }
    Batch black = Batch.black(options.cropsInStep(), options.crop(), input.format());
    long begin = System.nanoTime();
    perform(black, 0, this::lossOfStep, errors::notCompiled);
    xlaProgram = xla.program(function);
    report((System.nanoTime() - begin) / 1e9);
  }

  /**
   * Logs what XLA made of the step.
   *
   * @param seconds that it took
   */
  private void report(double seconds) {
    xlaProgram.ifPresentOrElse(
        module ->
            log.info(
                "XLA compiled the step in {} s: module {}, {} instructions, {} fusions, {} variables"
                    + " updated in place, {} transfers to or from the host",
                "%.1f".formatted(seconds),
                module.name(),
                module.instructions(),
                module.fusions(),
                module.donated(),
                module.hostTransfers()),
        () -> log.info("XLA runs the step; its module was not dumped"));
  }

  /** Sets the parameters, momenta and steps done of a run. */
  void restore(Checkpoint checkpoint) {
    clear();
    steps = graph.checkpoints().restore(session, checkpoint);
  }

  /** Forgets the gradients of a step that was not finished. */
  private void clear() {
    if (!graph.clearing().isEmpty()) {
      Session.Runner runner = session.runner();
      graph.clearing().forEach(runner::addTarget);
      runner.run().close();
    }
  }

  /** Sets the parameters alone, to what a run starts with. */
  void restore(StartingWeights weights) {
    graph.checkpoints().restoreWeights(session, weights.checkpoint(), weights.others());
    if (!weights.adapted().isEmpty()) {
      set(weights.adapted());
    }
  }

  /** Sets variables. */
  void set(Map<String, float[]> values) {
    graph.checkpoints().set(session, values);
  }

  /** Writes the files of a checkpoint. */
  void save(Path prefix) {
    graph.checkpoints().save(session, prefix, steps);
  }

  /** Steps done, those before a restored checkpoint included. */
  long steps() {
    return steps;
  }

  /** As {@link Trainer#step}. */
  float step(Batch batch, float learningRate) {
    return run(batch, learningRate, this::lossOfStep);
  }

  /** As {@link Trainer#profile}. */
  Timeline profile(Batch batch, float learningRate) {
    return run(batch, learningRate, feeds -> feeds.record(graph.loss()));
  }

  private float lossOfStep(Feeds feeds) {
    try (Result result = feeds.fetch(graph.loss())) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private <T> T run(Batch batch, float learningRate, Function<Feeds, T> how) {
    if (batch.size() != options.cropsInStep() || batch.crop() != options.crop()) {
      throw new IllegalArgumentException(
          "the batch is %d x %d^2 pixels, the options say %d x %d^2"
              .formatted(batch.size(), batch.crop(), options.cropsInStep(), options.crop()));
    }
    T result = perform(batch, learningRate, how, this::failed);
    steps++;
    return result;
  }

  /**
   * Runs a step.
   *
   * @param how runs the last part of it, which updates the parameters
   * @param failure what to throw for an exception of TensorFlow
   */
  private <T> T perform(
      Batch batch,
      float learningRate,
      Function<Feeds, T> how,
      Function<RuntimeException, AtrousException> failure) {
    float divisor = PixelTotal.divisor(exchange.sum(pixelTotal.of(batch)));
    Operand<TFloat32> accumulation = graph.accumulation();
    if (accumulation != null) {
      for (int part = 0; part < options.accumulate(); part++) {
        BatchOfStep one = new BatchOfStep(batch, part, divisor);
        run(one, feeds -> feeds.fetch(accumulation), failure).close();
      }
    }
    BatchOfStep last = new BatchOfStep(accumulation == null ? batch : null, 0, divisor);
    return run(last, feeds -> how.apply(feeds.feed(graph.learningRate(), learningRate)), failure);
  }

  private AtrousException failed(RuntimeException cause) {
    return ofOtherWorker(cause).orElseGet(() -> errors.failed(steps + 1, cause));
  }

  /** That another worker is at fault. */
  private Optional<AtrousException> ofOtherWorker(RuntimeException cause) {
    return server == null
        ? Optional.empty()
        : WorkerProbe.fault(server, cause).map(fault -> new AtrousException(fault, cause));
  }

  /** What the workers of the training tell each other. */
  WorkerExchange exchange() {
    return exchange;
  }

  /**
   * The loss of a batch with the present weights, NaN if a variable is not finite. A step's loss is
   * that of the weights before its update, so it says nothing about what a checkpoint would hold.
   *
   * @param crops of a step
   */
  float loss(Batch crops) {
    BatchOfStep whole = new BatchOfStep(crops, 0, PixelTotal.divisor(pixelTotal.of(crops)));
    return run(
        whole,
        feeds -> {
          try (Result result = feeds.fetch(graph.forward(), graph.finite())) {
            boolean finite = ((TBool) result.get(1)).getBoolean();
            return finite ? ((TFloat32) result.get(0)).getFloat() : Float.NaN;
          }
        },
        this::failed);
  }

  /**
   * What a run of the graph is fed with, besides the number of the step.
   *
   * @param crops of a step; null for none
   * @param part which batch of them
   * @param divisor what the loss of the step is divided by
   */
  private record BatchOfStep(@Nullable Batch crops, int part, float divisor) {}

  private <T> T run(
      BatchOfStep batch,
      Function<Feeds, T> action,
      Function<RuntimeException, AtrousException> failure) {
    try (Feeds feeds = server == null ? new Feeds(session) : new Feeds(session, server.limit())) {
      feeds.feed(graph.stepNumber(), steps);
      Batch crops = batch.crops();
      if (crops != null) {
        feed(feeds, batch, crops);
      }
      return action.apply(feeds);
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, failure);
    }
  }

  private void feed(Feeds feeds, BatchOfStep batch, Batch crops) {
    if (!crops.format().fits(input.format())) {
      throw new IllegalArgumentException(
          "the batch has %s, and the model wants %s".formatted(crops.format(), input.format()));
    }
    int size = options.batchSize();
    int pixels = size * crops.crop() * crops.crop();
    int bytes = input.format().bytes() * pixels;
    Shape shape = Shape.of(size, crops.crop(), crops.crop());
    feeds
        .own(
            graph.images(),
            input.tensor(shape, data -> data.write(crops.images(), batch.part() * bytes, bytes)))
        .own(graph.labels(), TUint8.tensorOf(shape, slice(crops.labels(), batch.part(), pixels)));
    if (!graph.parts().isOne()) {
      long part = (long) options.workers().rank() * options.accumulate() + batch.part();
      feeds.feed(graph.part(), part).feed(graph.pixelTotal(), batch.divisor());
    }
  }

  /** One of equal parts of an array. */
  private static ByteDataBuffer slice(byte[] values, int part, int size) {
    return DataBuffers.of(values).slice((long) part * size, size);
  }

  /** Whether XLA compiles the step. */
  boolean isCompiled() {
    return xla != null;
  }

  /** As {@link Trainer#xlaProgram}. */
  Optional<Xla.Program> xlaProgram() {
    return xlaProgram;
  }

  /** As {@link Trainer#variables}. */
  Set<String> variables() {
    return graph.values().keySet();
  }

  /** As {@link Trainer#readVariable}. */
  float[] readVariable(String name) {
    return Objects.requireNonNull(readVariables(List.of(name)).get(name));
  }

  /** As {@link Trainer#readVariables}. */
  Map<String, float[]> readVariables(Collection<String> names) {
    return withValues(
        names,
        values -> {
          Map<String, float[]> read = new LinkedHashMap<>();
          values.forEach(
              (name, tensor) -> {
                float[] elements = new float[Math.toIntExact(tensor.size())];
                tensor.asRawTensor().data().asFloats().read(elements);
                read.put(name, elements);
              });
          return read;
        });
  }

  /**
   * Reads variables.
   *
   * @param names as for {@link #readVariables}
   * @param use is given their values, which are closed after it
   */
  <T> T withValues(Collection<String> names, Function<Map<String, TFloat32>, T> use) {
    Session.Runner runner = session.runner();
    for (String name : names) {
      Operand<TFloat32> value = graph.values().get(name);
      if (value == null) {
        throw new IllegalArgumentException("no variable is named " + name);
      }
      runner.fetch(value);
    }
    Map<String, TFloat32> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : names) {
        values.put(name, (TFloat32) result.get(i++));
      }
      return use.apply(values);
    }
  }

  @Override
  public void close() {
    exchange.close();
    session.close();
    graph.close();
  }
}
