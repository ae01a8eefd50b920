package dev.atrous.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.op.Variables;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.AssignVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

class CheckpointTest {
  private static final Parameter PARAMETER = Parameter.bias("block1/beta", 1000);

  static {
    NativeLibrary.load();
  }

  private final Path directory;

  CheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A graph with one parameter and its momentum. */
  private static final class Run implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;
    private final CheckpointOps ops;
    private final VarHandleOp weights;
    private final VarHandleOp momentum;

    Run(float value) {
      Ops tf = Ops.create(graph);
      Variables variables = new Variables(tf, List.of(PARAMETER));
      weights = variables.handle(PARAMETER.name());
      momentum =
          tf.varHandleOp(TFloat32.class, PARAMETER.shape(), VarHandleOp.sharedName("momentum"));
      ops = new CheckpointOps(tf, variables.handles(), Map.of("block1/beta/Momentum", momentum));
      AssignVariableOp first = tf.assignVariableOp(weights, filled(tf, value));
      AssignVariableOp second = tf.assignVariableOp(momentum, filled(tf, -value));
      session = new Session(graph);
      session.runner().addTarget(first).addTarget(second).run().close();
    }

    private static org.tensorflow.Operand<TFloat32> filled(Ops tf, float value) {
      float[] values = new float[1000];
      Arrays.fill(values, value);
      return tf.constant(values);
    }

    float[] values() {
      Ops tf = Ops.create(graph);
      try (Result result =
          session
              .runner()
              .fetch(tf.readVariableOp(weights, TFloat32.class))
              .fetch(tf.readVariableOp(momentum, TFloat32.class))
              .run()) {
        return new float[] {
          ((TFloat32) result.get(0)).getFloat(999), ((TFloat32) result.get(1)).getFloat(999)
        };
      }
    }

    void save(CheckpointDirectory target, long step) {
      target.add(step, prefix -> ops.save(session, prefix, step));
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    CheckpointDirectory target = new CheckpointDirectory(directory.resolve("a/b"), 2);
    assertThat(target.newest()).isEmpty();
    try (Run run = new Run(3)) {
      run.save(target, 10);
      run.save(target, 20);
      run.save(target, 30);
    }
    assertThat(Files.readString(directory.resolve("a/b/checkpoint")))
        .isEqualTo(
            """
            model_checkpoint_path: "model-30"
            all_model_checkpoint_paths: "model-20"
            all_model_checkpoint_paths: "model-30"
            """);
    Checkpoint checkpoint = Checkpoint.open(directory.resolve("a/b"));
    assertThat(checkpoint.prefix()).isEqualTo(directory.resolve("a/b/model-30"));
    assertThat(checkpoint.shapes())
        .isEqualTo(
            Map.of(
                "block1/beta", Shape.of(1000),
                "block1/beta/Momentum", Shape.of(1000),
                "global_step", Shape.scalar()));
    try (Run run = new Run(0)) {
      assertThat(run.ops.restore(run.session, checkpoint)).isEqualTo(30);
      assertThat(run.values()).containsExactly(3, -3);
    }
    try (Run run = new Run(0)) {
      Checkpoint older = Checkpoint.open(directory.resolve("a/b/model-20.index"));
      run.ops.restoreWeights(run.session, older, Set.of());
      assertThat(run.values()).containsExactly(3, 0);
    }
  }

  @Test
  void aHalfWrittenCheckpointIsIgnoredAndRemovedByTheNext() throws IOException {
    CheckpointDirectory target = new CheckpointDirectory(directory, 1);
    try (Run run = new Run(3)) {
      run.save(target, 10);
      Path torn = directory.resolve("model-20.data-00000-of-00001");
      Path temporary = directory.resolve("model-20.index.tempstate123");
      Files.write(torn, new byte[100]);
      Files.write(temporary, new byte[10]);
      Files.writeString(directory.resolve("checkpoint.tmp"), "model_check");
      assertThat(target.newest()).contains(directory.resolve("model-10"));
      assertThatThrownBy(
              () ->
                  target.add(
                      30,
                      prefix -> {
                        throw new IllegalStateException("crash");
                      }))
          .isInstanceOf(IllegalStateException.class);
      try (Run other = new Run(0)) {
        assertThat(other.ops.restore(other.session, Checkpoint.open(directory))).isEqualTo(10);
        assertThat(other.values()).containsExactly(3, -3);
      }
      run.save(target, 40);
      assertThat(torn).doesNotExist();
      assertThat(temporary).doesNotExist();
      assertThat(target.newest()).contains(directory.resolve("model-40"));
    }
  }

  @Test
  void damagedFilesAreExplained() throws IOException {
    CheckpointDirectory target = new CheckpointDirectory(directory, 2);
    try (Run run = new Run(3)) {
      run.save(target, 10);
      Checkpoint checkpoint = Checkpoint.open(directory);
      Path data = directory.resolve("model-10.data-00000-of-00001");
      byte[] bytes = Files.readAllBytes(data);
      bytes[500] ^= 1;
      Files.write(data, bytes);
      assertThatThrownBy(() -> run.ops.restore(run.session, checkpoint))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("model-10 can't be read")
          .hasMessageContaining("damaged or incomplete");
      Files.write(data, Arrays.copyOf(bytes, 300));
      assertThatThrownBy(() -> run.ops.restore(run.session, checkpoint))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("damaged or incomplete");
    }
    Path index = directory.resolve("model-10.index");
    Files.write(index, Arrays.copyOf(Files.readAllBytes(index), 40));
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("damaged or incomplete");
    Files.delete(index);
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("model-10.index does not exist");
  }

  /** Damages that each leave only the checkpoint before the newest. */
  enum Damage {
    BIT,
    CUT_DATA,
    NO_DATA,
    CUT_INDEX,
    EMPTY_INDEX,
    NO_INDEX;

    void to(Path prefix) throws IOException {
      Path data = prefix.resolveSibling(prefix.getFileName() + ".data-00000-of-00001");
      Path index = prefix.resolveSibling(prefix.getFileName() + ".index");
      byte[] bytes = Files.readAllBytes(data);
      switch (this) {
        case BIT -> {
          bytes[bytes.length / 2] ^= 1;
          Files.write(data, bytes);
        }
        case CUT_DATA -> Files.write(data, Arrays.copyOf(bytes, 300));
        case NO_DATA -> Files.delete(data);
        case CUT_INDEX -> Files.write(index, Arrays.copyOf(Files.readAllBytes(index), 40));
        case EMPTY_INDEX -> Files.write(index, new byte[0]);
        case NO_INDEX -> Files.delete(index);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOneBeforeADamagedOneIsFound(Damage damage) throws IOException {
    try (Run run = new Run(3)) {
      CheckpointDirectory written = new CheckpointDirectory(directory, 2);
      run.save(written, 10);
      run.save(written, 20);
      assertThat(written.newestIntact().orElseThrow().passedOver()).isEmpty();
      damage.to(directory.resolve("model-20"));
      CheckpointDirectory target = new CheckpointDirectory(directory, 2);
      CheckpointDirectory.Intact intact = target.newestIntact().orElseThrow();
      assertThat(intact.checkpoint().prefix()).isEqualTo(directory.resolve("model-10"));
      assertThat(intact.passedOver()).singleElement().asString().contains("model-20");
      try (Run other = new Run(0)) {
        assertThat(other.ops.restore(other.session, intact.checkpoint())).isEqualTo(10);
        assertThat(other.values()).containsExactly(3, -3);
      }
      run.save(target, 15);
      assertThat(directory.resolve("model-20.data-00000-of-00001")).doesNotExist();
      assertThat(directory.resolve("checkpoint")).content().contains("model-10", "model-15");
      damage.to(directory.resolve("model-10"));
      damage.to(directory.resolve("model-15"));
      assertThatThrownBy(() -> new CheckpointDirectory(directory, 2).newestIntact())
          .isInstanceOf(AtrousException.class)
          .hasMessageContainingAll("none of its checkpoints can be read", "model-10", "model-15");
    }
  }

  @Test
  void aDamagedStateFileLeavesTheFiles() throws IOException {
    try (Run run = new Run(3)) {
      CheckpointDirectory target = new CheckpointDirectory(directory, 2);
      assertThat(target.newestIntact()).isEmpty();
      run.save(target, 9);
      run.save(target, 10);
      Files.writeString(directory.resolve("checkpoint"), "");
      CheckpointDirectory.Intact intact = target.newestIntact().orElseThrow();
      assertThat(intact.checkpoint().prefix()).isEqualTo(directory.resolve("model-10"));
      assertThat(intact.passedOver()).singleElement().asString().contains("names no checkpoint");
    }
  }

  @Test
  void whoNeedsOneCheckpointIsToldOfTheOthers() throws IOException {
    try (Run run = new Run(3)) {
      CheckpointDirectory target = new CheckpointDirectory(directory, 2);
      run.save(target, 10);
      run.save(target, 20);
    }
    for (Damage damage : new Damage[] {Damage.CUT_INDEX, Damage.NO_INDEX}) {
      damage.to(directory.resolve("model-20"));
      assertThatThrownBy(() -> Checkpoint.open(directory))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("model-20")
          .hasMessageContaining("Beside it there is " + directory.resolve("model-10") + ".");
    }
  }

  @Test
  void aFullDiskIsCalledThat() throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    Path disk = Files.createDirectory(directory.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=20k", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .start();
    assumeThat(mount.waitFor()).as("only root may mount").isZero();
    try (Run run = new Run(3)) {
      CheckpointDirectory target = new CheckpointDirectory(disk, 2);
      run.save(target, 10);
      assertThatThrownBy(() -> run.save(target, 20))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("could not be written: the disk is full. Make room")
          .hasMessageNotContaining("emory");
      assertThat(target.newestIntact().orElseThrow().checkpoint().prefix())
          .isEqualTo(disk.resolve("model-10"));
      try (var files = Files.list(disk)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "checkpoint", "model-10.index", "model-10.data-00000-of-00001");
      }
    } finally {
      new ProcessBuilder("umount", disk.toString()).start().waitFor();
    }
  }

  @Test
  void missingCheckpointsAreExplained() throws IOException {
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("There is no checkpoint in " + directory)
        .hasMessageContaining("output directory of a training run");
    assertThatThrownBy(() -> Checkpoint.open(directory.resolve("none")))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("There is no checkpoint at " + directory.resolve("none"));
    Files.writeString(directory.resolve("checkpoint"), "");
    assertThatThrownBy(() -> Checkpoint.open(directory))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("names no checkpoint");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> new CheckpointDirectory(file, 1))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("can't be created");
  }

  @Test
  void aWriteThatFailsIsExplained() {
    try (Run run = new Run(3)) {
      Path missing = directory.resolve("file.txt/model-1");
      assertThat(directory.resolve("file.txt")).satisfies(Files::createFile);
      assertThatThrownBy(() -> run.ops.save(run.session, missing, 1))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining(missing + " could not be written");
    }
  }
}
