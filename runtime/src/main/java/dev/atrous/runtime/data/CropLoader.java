package dev.atrous.runtime.data;

import dev.atrous.runtime.Interruption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Batches of augmented crops, made by worker threads ahead of the training step.
 *
 * <p>The samples form an endless sequence: one random permutation of the data set after another, so
 * that each sample occurs once per epoch. Batch {@code k} holds the samples {@code k * batchSize}
 * to {@code (k + 1) * batchSize - 1} of it. The permutation of an epoch follows from the seed and
 * the number of the epoch, the augmentation of a sample from the seed and its place in the
 * sequence. A loader that starts at batch {@code k} therefore goes on exactly as one that has got
 * there, with any number of threads. Several loaders that {@linkplain Share share} batches have the
 * crops of one whose batches are as large as theirs together.
 *
 * <p>{@link #next} is meant for one thread; {@link #close} may be called from any.
 */
public final class CropLoader implements BatchSource {
  /**
   * What the batches are.
   *
   * @param batchSize crops per batch, {@code N}
   * @param crop side of the crops in pixels
   * @param augmentation how crops are drawn
   * @param seed where all randomness comes from
   * @param padding what lies outside of an image; it has the pixels that images are read with
   */
  public record Settings(
      int batchSize, int crop, Augmentation augmentation, long seed, MeanPixel padding) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is not positive, a batch would exceed 2 GB, or
     *     colours are to change of images that have none
     */
    public Settings {
      double bytes = (double) padding.format().bytes() * batchSize * crop * crop;
      if (batchSize < 1 || crop < 1 || bytes > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException("batch of " + batchSize + " crops of side " + crop);
      }
      if (!padding.format().isRgb() && !augmentation.colors().equals(ColorJitter.NONE)) {
        throw new IllegalArgumentException(
            "colours of images with " + padding.format() + " can't change");
      }
    }

    /** Crops of images in red, green and blue. */
    public Settings(int batchSize, int crop, Augmentation augmentation, long seed) {
      this(batchSize, crop, augmentation, seed, MeanPixel.IMAGENET);
    }
  }

  /**
   * One of equal parts of each batch.
   *
   * @param number from 0
   * @param of how many there are
   */
  public record Share(int number, int of) {
    /** All of each batch. */
    public static final Share ALL = new Share(0, 1);

    /**
     * @throws IllegalArgumentException if there is no such part
     */
    public Share {
      if (number < 0 || number >= of) {
        throw new IllegalArgumentException("part " + number + " of " + of);
      }
    }
  }

  /** A batch in the making: complete when all of its slots are. */
  private record Pending(Batch batch, List<Future<?>> slots) {}

  private static final int LOOK_AHEAD = 3; // batches
  private static final long CACHE_BYTES = 256L << 20;

  // Tell the random sequences that grow from one seed apart.
  private static final long ORDER_STREAM = 1;
  private static final long CROP_STREAM = 2;

  private final Dataset data;
  private final Settings settings;
  private final ExecutorService workers;
  private final Deque<Pending> ahead = new ArrayDeque<>();

  private final Map<Integer, LabelledImage> cache = new ConcurrentHashMap<>();
  private final AtomicLong cacheRoom;

  private final Share share;

  private long nextBatch;
  private long epoch = -1;
  private int[] order = {}; // the permutation of the epoch

  private CropLoader(
      Dataset data, Settings settings, Share share, long firstBatch, int threads, long cacheBytes) {
    if (firstBatch < 0 || threads < 1 || cacheBytes < 0) {
      throw new IllegalArgumentException(
          "first batch " + firstBatch + ", " + threads + " threads, cache of " + cacheBytes);
    }
    this.data = data.withPixels(settings.padding().format());
    this.settings = settings;
    this.share = share;
    this.nextBatch = firstBatch;
    this.cacheRoom = new AtomicLong(cacheBytes);
    AtomicInteger number = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "crop-loader-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a loader with half of the processors, at most 4, and a cache of decoded samples of up to
   * 256 MB or an eighth of the heap.
   *
   * @param firstBatch the batch to start with, 0 unless a training is resumed
   */
  public static CropLoader open(Dataset data, Settings settings, long firstBatch) {
    return open(data, settings, Share.ALL, firstBatch);
  }

  /**
   * The same with a part of each batch.
   *
   * @param settings with the batch size of the part
   */
  public static CropLoader open(Dataset data, Settings settings, Share share, long firstBatch) {
    Runtime machine = Runtime.getRuntime();
    int threads = Math.max(1, Math.min(4, machine.availableProcessors() / 2));
    long cache = Math.min(CACHE_BYTES, machine.maxMemory() / 8);
    return started(new CropLoader(data, settings, share, firstBatch, threads, cache));
  }

  /**
   * Starts a loader.
   *
   * @param firstBatch the batch to start with, 0 unless a training is resumed
   * @param threads number of threads that decode and augment
   * @param cacheBytes limit of the pixels of decoded samples that are kept; 0 for none
   * @throws IllegalArgumentException if a number is negative, or there is no thread
   */
  public static CropLoader open(
      Dataset data, Settings settings, long firstBatch, int threads, long cacheBytes) {
    return started(new CropLoader(data, settings, Share.ALL, firstBatch, threads, cacheBytes));
  }

  private static CropLoader started(CropLoader loader) {
    loader.fillAhead();
    return loader;
  }

  /**
   * {@inheritDoc}
   *
   * <p>After an error, further calls throw the same one.
   *
   * @throws IllegalStateException if the loader is closed
   */
  @Override
  public Batch next() {
    try {
      if (Thread.interrupted()) { // get() looks only when it has to wait
        throw new InterruptedException();
      }
      fillAhead();
      Pending first = ahead.element();
      for (Future<?> slot : first.slots()) {
        slot.get();
      }
      ahead.remove();
      fillAhead(); // workers go on while the caller uses this batch
      return first.batch();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Interruption) { // of the worker, which close() interrupts
        throw closed(e);
      }
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause; // as the worker threw it: an AtrousException that names the file
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (CancellationException | RejectedExecutionException e) {
      throw closed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Interruption();
    }
  }

  private IllegalStateException closed(Exception cause) {
    return new IllegalStateException("The loader of " + data.name() + " is closed.", cause);
  }

  /** Stops the workers; each finishes at most the sample that it is at. */
  @Override
  public void close() {
    for (Runnable task : workers.shutdownNow()) {
      ((Future<?>) task).cancel(false); // wakes a thread that waits in next()
    }
    try {
      workers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    cache.clear();
  }

  private void fillAhead() {
    while (ahead.size() < LOOK_AHEAD) {
      int size = settings.batchSize();
      Batch batch = Batch.black(size, settings.crop(), settings.padding().format());
      long first = (nextBatch++ * share.of() + share.number()) * size;
      List<Future<?>> slots = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        int slot = i;
        long place = first + i;
        int sample = indexOf(place);
        slots.add(workers.submit(() -> fill(batch, slot, sample, place)));
      }
      ahead.add(new Pending(batch, slots));
    }
  }

  /** Runs in a worker. */
  private void fill(Batch batch, int slot, int sample, long place) {
    SplittableRandom random = random(settings.seed(), CROP_STREAM, place);
    settings.augmentation().crop(decoded(sample), random, settings.padding(), batch, slot);
  }

  /** Which sample of the data set has this place in the endless sequence. */
  private int indexOf(long place) {
    if (place / data.size() != epoch) {
      epoch = place / data.size();
      order = permutation(data.size(), random(settings.seed(), ORDER_STREAM, epoch));
    }
    return order[(int) (place % data.size())];
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) { // Fisher-Yates, inside out
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** A generator for one purpose; unrelated to those of neighbouring seeds, streams and indexes. */
  private static SplittableRandom random(long seed, long stream, long index) {
    return new SplittableRandom(scramble(scramble(scramble(seed) + stream) + index));
  }

  private static long scramble(long value) {
    return new SplittableRandom(value).nextLong();
  }

  /**
   * Keeps what is decoded first and evicts nothing. Every sample is due once per epoch in random
   * order, so none deserves a place more than another, and to evict the oldest would be worst.
   */
  private LabelledImage decoded(int sample) {
    LabelledImage known = cache.get(sample);
    if (known != null) {
      return known;
    }
    LabelledImage image = data.load(sample);
    image.requireClasses(data, sample);
    image.requirePixels(data, sample, settings.padding().format());
    if (cacheRoom.addAndGet(-image.bytes()) < 0 || cache.putIfAbsent(sample, image) != null) {
      cacheRoom.addAndGet(image.bytes()); // no room, or another thread was first
    }
    return image;
  }
}
