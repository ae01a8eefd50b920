package dev.atrous.runtime.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CropLoaderTest {
  private static final long CACHE = 1 << 20;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path root;

  @SuppressWarnings("NullAway.Init")
  private FolderDataset data;

  @BeforeEach
  void sevenSamples() throws IOException {
    data = VocFolder.uniform(root, 7, 20, 15);
  }

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("crop-loader-")) {
        thread.join(2000); // its pool has ended; the thread itself may take a moment
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static CropLoader.Settings settings(long seed) {
    return new CropLoader.Settings(3, 12, Augmentation.standard(), seed);
  }

  private static List<byte[]> batches(CropLoader loader, int count) {
    List<byte[]> all = new ArrayList<>();
    try (loader) {
      for (int i = 0; i < count; i++) {
        Batch batch = loader.next();
        byte[] both = Arrays.copyOf(batch.images(), batch.images().length + batch.labels().length);
        System.arraycopy(batch.labels(), 0, both, batch.images().length, batch.labels().length);
        all.add(both);
      }
    }
    return all;
  }

  @Test
  void batchesDependOnNeitherThreadsNorCache() {
    List<byte[]> one = batches(CropLoader.open(data, settings(5), 0, 1, 0), 12);
    List<byte[]> four = batches(CropLoader.open(data, settings(5), 0, 4, CACHE), 12);
    List<byte[]> usual = batches(CropLoader.open(data, settings(5), 0), 12);
    assertThat(four).containsExactlyElementsOf(one);
    assertThat(usual).containsExactlyElementsOf(one);
  }

  @Test
  void everyAugmentationDependsOnNeitherThreadsNorCache() {
    Augmentation all =
        Augmentation.standard()
            .withVerticalFlip(true)
            .withRotation(30)
            .withColors(new ColorJitter(0.4, 0.4, 0.4, 0.1));
    CropLoader.Settings settings = new CropLoader.Settings(3, 12, all, 5);
    List<byte[]> one = batches(CropLoader.open(data, settings, 0, 1, 0), 12);
    List<byte[]> four = batches(CropLoader.open(data, settings, 0, 4, CACHE), 12);
    List<byte[]> later = batches(CropLoader.open(data, settings, 7, 2, CACHE), 5);
    assertThat(four).containsExactlyElementsOf(one);
    assertThat(later).containsExactlyElementsOf(one.subList(7, 12));
  }

  @Test
  void cropsOfTheOthersAreTheSameWithoutABadImage() throws IOException {
    CropLoader.Settings settings = new CropLoader.Settings(1, 12, Augmentation.standard(), 5);
    List<byte[]> all = batches(CropLoader.open(data, settings, 0), 28);
    Files.write(root.resolve("JPEGImages/sample2.png"), new byte[] {1, 2, 3});
    List<String> told = new ArrayList<>();
    BadSamples bad = new BadSamples(told::add);
    FolderDataset without =
        FolderDataset.open(root, "train", 7, FolderDataset.Reading.DEFAULT, bad);
    List<byte[]> others = batches(CropLoader.open(without, settings, 0, 4, 0), 28);
    int replaced = 0;
    for (int i = 0; i < all.size(); i++) {
      if (hasLabel(all.get(i), 2)) {
        assertThat(hasLabel(others.get(i), 2)).isFalse();
        replaced++;
      } else {
        assertThat(others.get(i)).isEqualTo(all.get(i));
      }
    }
    assertThat(replaced).isEqualTo(4); // of four epochs
    assertThat(told).hasSize(1);
    FolderDataset again =
        FolderDataset.open(
            root, "train", 7, FolderDataset.Reading.DEFAULT, new BadSamples(problem -> {}));
    List<byte[]> resumed = batches(CropLoader.open(again, settings, 9, 1, CACHE), 19);
    assertThat(resumed).containsExactlyElementsOf(others.subList(9, 28));
  }

  /** As when the loader is closed while its threads read ahead: the file is as good as before. */
  @Test
  void anInterruptIsNoBadImage() {
    BadSamples bad = new BadSamples(problem -> {});
    FolderDataset some = FolderDataset.open(root, "train", 7, FolderDataset.Reading.DEFAULT, bad);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> some.load(0)).isInstanceOf(Interruption.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(bad.all()).isEmpty();
    assertThat(some.load(0).labels().width()).isPositive();
  }

  @Test
  void anInterruptedCheckNamesNoImage() {
    Path folder = data.root();
    FolderDataset.Reading reading = FolderDataset.Reading.DEFAULT;
    Thread.currentThread().interrupt();
    try {
      assertInterrupted(() -> data.validate(done -> {}));
      assertInterrupted(() -> FolderDataset.open(folder, "train", 7));
      assertInterrupted(
          () -> DatasetCheck.of(folder, "train", 7, PixelFormat.RGB, reading, (all, done) -> {}));
      assertInterrupted(() -> Image.read(data.file(0).orElseThrow()));
      assertInterrupted(() -> LabelMap.read(folder.resolve("SegmentationClass/sample0.png")));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(
            DatasetCheck.of(folder, "train", 7, PixelFormat.RGB, reading, (all, done) -> {})
                .problems())
        .isEmpty();
  }

  private static void assertInterrupted(ThrowingCallable work) {
    assertThatThrownBy(work).isInstanceOf(Interruption.class).hasMessageNotContaining("sample");
  }

  /** Closed by another thread than the one that waits for it. */
  @Test
  void aFileThatCloseInterruptsIsNoBadImage() throws Exception {
    CountDownLatch loading = new CountDownLatch(1);
    Dataset slow =
        new Dataset() {
          @Override
          public String name() {
            return data.name();
          }

          @Override
          public int classes() {
            return data.classes();
          }

          @Override
          public int size() {
            return data.size();
          }

          @Override
          public String sampleName(int index) {
            return data.sampleName(index);
          }

          @Override
          public LabelledImage load(int index) {
            loading.countDown();
            while (!Thread.currentThread().isInterrupted()) {
              Thread.onSpinWait();
            }
            return data.load(index);
          }
        };
    CropLoader loader = CropLoader.open(slow, settings(1), 0, 1, 0);
    CompletableFuture<Batch> reader = CompletableFuture.supplyAsync(loader::next);
    loading.await();
    loader.close();
    assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** Of a batch of one crop, whose pixels are of one label or outside of the image. */
  private static boolean hasLabel(byte[] batch, int label) {
    for (int i = batch.length - 12 * 12; i < batch.length; i++) {
      if (batch[i] == label) {
        return true;
      }
    }
    return false;
  }

  @Test
  void seedsAndBatchesDiffer() {
    List<byte[]> five = batches(CropLoader.open(data, settings(5), 0), 12);
    List<byte[]> six = batches(CropLoader.open(data, settings(6), 0), 12);
    assertThat(five).doesNotHaveDuplicates();
    assertThat(five).doesNotContainAnyElementsOf(six);
  }

  /** Workers with parts of a batch have the crops of one with all of it, also after a while. */
  @Test
  void sharesOfABatchAreItsCrops() {
    CropLoader.Settings whole = settings(5);
    int of = whole.batchSize();
    CropLoader.Settings part =
        new CropLoader.Settings(1, whole.crop(), whole.augmentation(), whole.seed());
    try (CropLoader all = CropLoader.open(data, whole, 3)) {
      Batch batch = all.next();
      int bytes = batch.images().length / of;
      for (int number = 0; number < of; number++) {
        CropLoader.Share share = new CropLoader.Share(number, of);
        try (CropLoader loader = CropLoader.open(data, part, share, 3)) {
          assertThat(loader.next().images())
              .isEqualTo(Arrays.copyOfRange(batch.images(), number * bytes, (number + 1) * bytes));
        }
      }
    }
  }

  @Test
  void resumedRunSeesTheSameBatches() {
    List<byte[]> whole = batches(CropLoader.open(data, settings(5), 0), 12);
    List<byte[]> rest = batches(CropLoader.open(data, settings(5), 8), 4);
    assertThat(rest).containsExactlyElementsOf(whole.subList(8, 12));
  }

  @Test
  void everySampleOccursOncePerEpochInChangingOrder() {
    List<List<Integer>> epochs = new ArrayList<>();
    CropLoader.Settings settings = new CropLoader.Settings(7, 8, new Augmentation(1, 1, false), 3);
    try (CropLoader loader = CropLoader.open(data, settings, 0)) {
      for (int epoch = 0; epoch < 4; epoch++) {
        byte[] labels = loader.next().labels();
        List<Integer> order = new ArrayList<>();
        for (int slot = 0; slot < 7; slot++) {
          order.add((int) labels[slot * 64]); // sample i is wholly of label i
        }
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
        epochs.add(order);
      }
    }
    assertThat(epochs).doesNotHaveDuplicates();
  }

  @Test
  void aSampleIsCroppedAnewInEveryEpoch() throws IOException {
    Path folder = root.resolve("one");
    byte[] labels = new byte[20 * 15];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i * 31 % 6);
    }
    VocFolder.sample(folder, "only", new LabelMap(20, 15, labels));
    VocFolder.split(folder, "train", List.of("only"));
    FolderDataset one = FolderDataset.open(folder, "train", 6);
    CropLoader.Settings settings = new CropLoader.Settings(1, 8, Augmentation.standard(), 2);
    assertThat(Set.copyOf(printed(batches(CropLoader.open(one, settings, 0), 60))))
        .hasSizeGreaterThan(50);
  }

  private static List<String> printed(List<byte[]> batches) {
    return batches.stream().map(Arrays::toString).toList();
  }

  @Test
  void batchesAreNotReused() {
    try (CropLoader loader = CropLoader.open(data, settings(1), 0)) {
      Batch first = loader.next();
      byte[] images = first.images().clone();
      for (int i = 0; i < 6; i++) {
        loader.next();
      }
      assertThat(first.images()).containsExactly(images);
      assertThat(first.images()).hasSize(3 * 12 * 12 * 3);
      assertThat(first.labels()).hasSize(3 * 12 * 12);
    }
  }

  @Test
  void errorOfAWorkerSurfacesAgainAndAgain() throws IOException {
    Files.writeString(root.resolve("SegmentationClass/sample4.png"), "text");
    try (CropLoader loader = CropLoader.open(data, settings(1), 0, 2, CACHE)) {
      Throwable first = firstError(loader);
      assertThat(first).isInstanceOf(AtrousException.class).hasMessageContaining("sample4.png");
      assertThatThrownBy(loader::next).isSameAs(first);
    }
  }

  private static Throwable firstError(CropLoader loader) {
    try {
      for (int i = 0; i < 3; i++) { // an epoch and more
        loader.next();
      }
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("no error in an epoch");
  }

  @Test
  void closingWhileWorkersAreBusyIsPromptAndWakesTheReader() throws Exception {
    CropLoader.Settings large = new CropLoader.Settings(8, 600, new Augmentation(40, 40, true), 1);
    CropLoader loader = CropLoader.open(data, large, 0, 2, CACHE);
    CountDownLatch reading = new CountDownLatch(1);
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              while (true) {
                loader.next();
                reading.countDown();
              }
            });
    reading.await();
    long start = System.nanoTime();
    loader.close();
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
    assertThatThrownBy(() -> reader.get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThatThrownBy(loader::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    loader.close(); // no effect
  }

  @Test
  void interruptedReaderStopsEvenWhenItsBatchIsComplete() throws Exception {
    try (CropLoader loader = CropLoader.open(data, settings(1), 0)) {
      loader.next();
      Thread.sleep(500); // ample time for the batches ahead
      Thread.currentThread().interrupt();
      assertThatThrownBy(loader::next).isInstanceOf(Interruption.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void refusesSizesThatAreNone() {
    assertThatThrownBy(() -> new CropLoader.Settings(0, 5, Augmentation.standard(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CropLoader.Settings(100, 5000, Augmentation.standard(), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CropLoader.open(data, settings(1), -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
