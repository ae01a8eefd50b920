package dev.atrous.runtime.train;

import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import java.util.Random;

/** Noisy vertical bands in three colours, labelled by colour, with a void column. */
public final class TrainingBatches implements BatchSource {
  private final int size;
  private final int crop;
  private long number;

  public TrainingBatches(long first) {
    this(first, 4, TinyModel.CROP);
  }

  TrainingBatches(long first, int size, int crop) {
    this.number = first;
    this.size = size;
    this.crop = crop;
  }

  @Override
  public Batch next() {
    Random random = new Random(number++);
    byte[] images = new byte[size * crop * crop * 3];
    byte[] labels = new byte[size * crop * crop];
    int shift = random.nextInt(crop);
    for (int i = 0; i < labels.length; i++) {
      int column = i % crop;
      int label = (column + shift) * 3 / crop % 3;
      labels[i] = (byte) (column == 5 ? 255 : label);
      for (int c = 0; c < 3; c++) {
        images[3 * i + c] = (byte) ((c == label ? 200 : 40) + random.nextInt(40));
      }
    }
    return new Batch(size, crop, images, labels);
  }

  @Override
  public void close() {}
}
