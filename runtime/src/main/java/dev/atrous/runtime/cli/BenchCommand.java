package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.bench.AssumedBands;
import dev.atrous.runtime.bench.BuildWork;
import dev.atrous.runtime.bench.ExchangeShare;
import dev.atrous.runtime.bench.ExchangeWork;
import dev.atrous.runtime.bench.InputWork;
import dev.atrous.runtime.bench.Measurement;
import dev.atrous.runtime.bench.PredictionWork;
import dev.atrous.runtime.bench.TrainingWork;
import dev.atrous.runtime.bench.Workload;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.MeasuredBands;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Timeline;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import dev.atrous.runtime.tensorflow.WorkerServer;
import dev.atrous.runtime.train.CropSettings;
import dev.atrous.runtime.train.GradientExchange;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model's speed on this machine. */
@Command(
    name = "bench",
    sortOptions = false,
    modelTransformer = DataOption.NotRequired.class,
    description = {
      "Measure the speed of a model on this machine, with random images.",
      "The first run, which allocates memory, does not count, nor do those to warm up."
    })
final class BenchCommand extends ModelCommand {
  /** What is measured. */
  enum Mode {
    TRAIN,
    PREDICT,
    INPUT,
    BUILD,
    EXCHANGE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int LISTED_OPERATIONS = 12;

  /** Sums of how many numbers the mode exchange measures, besides those of all gradients. */
  private static final long[] SUMMED = {1 << 14, 1 << 18, 1 << 22};

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      required = true,
      description =
          "train (a step), predict (from image to labels), input (a batch of crops from the files"
              + " of --data, with --threads workers), build (what comes before the first step) or"
              + " exchange (the sum of gradients over the workers).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  Mode mode;

  @Option(
      names = "--size",
      paramLabel = "HEIGHTxWIDTH",
      description = "Of the images to predict; default: a square of --crop.")
  @Nullable String size;

  @Mixin XlaOption xla = new XlaOption();

  @Option(names = "--warmup", paramLabel = "N", description = "Runs after the first; default: 2.")
  int warmup = 2;

  @Option(names = "--steps", paramLabel = "N", description = "Runs that count; default: 10.")
  int steps = 10;

  @Mixin DataOption data = new DataOption();

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "Record one more step or prediction, operation by operation, in Chrome's trace format.")
  @Nullable String profile;

  @Mixin InferenceOptions inference = new InferenceOptions();

  @Mixin WorkerOptions workers = new WorkerOptions();

  private WorkerGroup group = WorkerGroup.ALONE;

  BenchCommand(Models models) {
    super(models);
  }

  @Override
  int run(CompiledModel model, JsonOutput json) {
    if (steps < 1 || warmup < 0) {
      throw misuse("--steps must be at least 1, and --warmup at least 0.");
    }
    if (profile != null && mode != Mode.TRAIN && mode != Mode.PREDICT) {
      throw misuse("--profile is for the modes train and predict.");
    }
    group = valid(() -> workers.group(this::isGiven));
    checkWorkers();
    if (workers.launches()) {
      return launcher(workers, inference.where).run(0, () -> false);
    }
    OutputFile trace =
        profile == null || !group.isLeader() ? null : new OutputFile("profile", profile);
    PrintWriter console = console(json, group);
    if (!group.isAlone()) {
      workers.join(group, training(model.description()), remark -> note(List.of(remark)));
    }
    ObjectNode results =
        mode == Mode.EXCHANGE ? exchanges(model, console) : measured(model, trace, console);
    if (group.isLeader()) {
      json.write(results);
    }
    return AtrousCli.OK;
  }

  private void checkWorkers() {
    boolean several = workers.areSeveral();
    if (several && mode != Mode.TRAIN && mode != Mode.EXCHANGE) {
      throw misuse("--workers and --hosts are for the modes train and exchange.");
    }
    if (!several && mode == Mode.EXCHANGE) {
      throw misuse("--mode exchange needs --workers N, or --hosts: one worker has nothing to sum.");
    }
  }

  private ObjectNode measured(
      CompiledModel model, @Nullable OutputFile trace, PrintWriter console) {
    try (Workload work = workload(model)) {
      Measurement measurement = Measurement.of(work, warmup, steps);
      print(measurement, console);
      ObjectNode results = results(model.description(), measurement);
      if (profile != null) {
        Timeline timeline = work.profile().orElseThrow();
        printOperations(timeline, console);
        ExchangeShare.of(timeline).ifPresent(share -> printShare(share, results, console));
        if (trace != null) {
          trace.write(ChromeTrace.of(timeline).toString());
          console.println("Profile: " + profile);
        }
      }
      return results;
    }
  }

  private static void printShare(ExchangeShare share, ObjectNode results, PrintWriter console) {
    console.println(
        format(
            "sums over workers: %.4f s, waiting included; in %.4f s of them the step went on",
            share.seconds(), share.hidden()));
    results.put("exchange_s", share.seconds());
    results.put("exchange_hidden_s", share.hidden());
  }

  /** Sums of some sizes, the last that of the model's gradients. */
  private ObjectNode exchanges(CompiledModel model, PrintWriter console) {
    TrainingOptions options = training(model.description());
    WorkerServer server =
        WorkerServer.start(group, options.device().resolve(), options.threads(), false);
    GradientExchange.requireAlike(server, model, options);
    long gradients = GradientExchange.elements(model);
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.description().name());
    json.put("mode", mode.toString());
    json.put("workers", group.size());
    json.put("wire", options.wire().toString());
    ArrayNode sums = json.putArray("sums");
    Table table = new Table(0, "numbers", "MB", "median", "fastest", "slowest", "MB/s");
    LongStream.concat(
            LongStream.of(SUMMED).filter(size -> size < gradients), LongStream.of(gradients))
        .forEach(
            size -> {
              try (Workload work =
                  new ExchangeWork(new GradientExchange(server, options.wire(), size))) {
                Measurement measurement = Measurement.of(work, warmup, steps);
                double bytes = (double) size * options.wire().bytes();
                table.add(
                    size,
                    format("%.2f", bytes / 1e6),
                    seconds(measurement.median()),
                    seconds(measurement.minimum()),
                    seconds(measurement.maximum()),
                    format("%.0f", bytes / 1e6 / measurement.median()));
                ObjectNode sum = sums.addObject();
                sum.put("numbers", size);
                sum.put("bytes", bytes);
                putTimes(sum, measurement);
              }
            });
    console.println(
        format("exchange, %d runs, %d workers, %s", steps, group.size(), options.wire()));
    table.print(console);
    return json;
  }

  private Workload workload(CompiledModel model) {
    return switch (mode) {
      case TRAIN -> new TrainingWork(model, training(model.description()));
      case BUILD -> new BuildWork(model, training(model.description()));
      case INPUT -> input(model.description());
      case PREDICT -> prediction(model);
      case EXCHANGE -> throw new IllegalStateException("is several workloads");
    };
  }

  private TrainingOptions training(ModelDescription model) {
    return valid(
        () ->
            TrainingOptions.of(model)
                .batchSize(batchSize(model))
                .crop(inference.network.crop(model))
                .device(inference.where.device)
                .threads(workers.threads(inference.where.threads, isGiven("--threads")))
                .workers(group)
                .wire(workers.wire)
                .precision(inference.where.precision)
                .xla(xla.mode)
                .weights(inference.network.weights)
                .build());
  }

  private int batchSize(ModelDescription model) {
    return inference.network.batchSize == null && mode != Mode.PREDICT
        ? model.training().batchSize()
        : inference.batchSize();
  }

  private Workload input(ModelDescription model) {
    if (data.directory == null) {
      throw misuse("--mode input needs --data, a folder of images and masks.");
    }
    return new InputWork(
        FolderDataset.open(
            data.directory,
            "train",
            model.classes(),
            valid(() -> data.reading(model.classes(), model.classNames(), null))),
        CropSettings.of(
            model, AssumedBands.of(model), batchSize(model), inference.network.crop(model), 1),
        Math.max(1, inference.where.threads));
  }

  /** With weights of a checkpoint, or else random ones, which are written to one first. */
  private Workload prediction(CompiledModel model) {
    if (inference.network.weights == null) {
      inference.network.weights = randomWeights(model);
    }
    PredictorOptions options = valid(() -> inference.of(model.description()));
    int height = options.crop();
    int width = options.crop();
    if (size != null) {
      Matcher sides = SIZE.matcher(size);
      if (!sides.matches()) {
        throw misuse("--size is " + size + "; it must be like 375x500.");
      }
      height = Integer.parseInt(sides.group(1));
      width = Integer.parseInt(sides.group(2));
    }
    return new PredictionWork(model, options, height, width, batchSize(model.description()));
  }

  private static Path randomWeights(CompiledModel model) {
    try {
      Path folder = Files.createTempDirectory("atrous-bench");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "atrous-bench"));
      Map<String, float[]> bands =
          MeasuredBands.parameters(model, AssumedBands.of(model.description()));
      return InitialCheckpoint.write(
          model.parameters(),
          bands.keySet(),
          name -> Objects.requireNonNull(bands.get(name)),
          folder,
          1);
    } catch (IOException e) {
      throw new AtrousException(
          "The folder %s for temporary files can't be written: %s. Choose another with -Djava.io.tmpdir=FOLDER, or give --weights."
              .formatted(System.getProperty("java.io.tmpdir"), Folders.reason(e)),
          e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      System.err.println("warning: " + folder + " could not be deleted: " + Folders.reason(e));
    }
  }

  private void print(Measurement measurement, PrintWriter console) {
    console.println(format("%s, %d runs", mode, measurement.runs().length));
    Table table = new Table(1, "", "seconds");
    table.add("median", seconds(measurement.median()));
    table.add("fastest", seconds(measurement.minimum()));
    table.add("slowest", seconds(measurement.maximum()));
    table.add("first", seconds(measurement.firstRun()));
    measurement
        .timeToFirstResult()
        .ifPresent(time -> table.add("process start to the first result", seconds(time)));
    table.print(console);
    if (measurement.imagesPerSecond() > 0) {
      console.println(format("%.2f images/s", measurement.imagesPerSecond()));
    }
    measurement
        .peakResident()
        .ifPresent(peak -> console.println(format("%.0f MB peak resident memory", peak)));
  }

  private static String seconds(double value) {
    return format("%.4f", value);
  }

  private static void printOperations(Timeline timeline, PrintWriter console) {
    Table table = new Table(1, "operation", "seconds", "count");
    timeline.byOperation().stream()
        .limit(LISTED_OPERATIONS)
        .forEach(total -> table.add(total.operation(), seconds(total.seconds()), total.count()));
    table.print(console);
  }

  private ObjectNode results(ModelDescription model, Measurement measurement) {
    ObjectNode json = JsonOutput.NODES.objectNode();
    json.put("model", model.name());
    json.put("mode", mode.toString());
    json.put("batch_size", batchSize(model));
    json.put("workers", group.size());
    json.put("crop", inference.network.crop(model));
    if (mode != Mode.INPUT) {
      Device device = inference.where.device.resolve();
      json.put("precision", inference.where.precision.on(device).toString());
      json.put("device", DeviceOption.name(device));
      json.put("xla", mode != Mode.PREDICT && xla.mode.isOn(device));
    }
    putTimes(json, measurement);
    json.put("images_per_second", measurement.imagesPerSecond());
    put(json, "peak_rss_mb", measurement.peakResident());
    put(json, "time_to_first_result_s", measurement.timeToFirstResult());
    return json;
  }

  private static void putTimes(ObjectNode json, Measurement measurement) {
    json.put("median_s", measurement.median());
    json.put("min_s", measurement.minimum());
    json.put("max_s", measurement.maximum());
    json.put("first_s", measurement.firstRun());
    ArrayNode runs = json.putArray("runs_s");
    Arrays.stream(measurement.runs()).forEach(runs::add);
  }

  private static void put(ObjectNode json, String key, OptionalDouble value) {
    json.set(key, value.isPresent() ? JsonOutput.number(value.getAsDouble()) : null);
  }
}
