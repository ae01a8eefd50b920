package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.data.ImageSet;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.MaskPicture;
import dev.atrous.runtime.data.MaskValues;
import dev.atrous.runtime.predict.Predictor;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * What a task does: labels the images of its rows, one after the other. An image that can't be read
 * or labelled gives a row that says why; what is no image's fault, such as weights that do not fit
 * or a full disk, fails the task.
 *
 * @param classes of the model
 */
record LabelImages(
    ModelSettings settings, int classes, MaskFolder masks, SerializableConfiguration hadoop)
    implements MapPartitionsFunction<Row, Row> {
  /**
   * Labels images.
   *
   * @param images rows of a path and, if there is a second column, the file's content
   */
  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    if (!images.hasNext()) {
      return images; // without loading a model
    }
    ExecutorModel model = ExecutorModel.acquire(settings);
    TaskCompletionListener atEnd = task -> model.close();
    TaskContext.get().addTaskCompletionListener(atEnd);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return images.hasNext();
      }

      @Override
      public Row next() {
        return row(images.next(), model.predictor());
      }
    };
  }

  private Row row(Row image, Predictor predictor) {
    String path = image.getString(0);
    if (path == null) {
      return PredictionTable.failed(null, classes, "The row has no path.");
    }
    boolean hasContent = image.size() > 1;
    byte[] content = hasContent ? image.getAs(1) : null;
    if (hasContent && content == null) {
      return PredictionTable.failed(path, classes, "Image " + path + " has no content.");
    }
    String reason;
    try {
      return labelled(path, content, predictor);
    } catch (AtrousException e) {
      if (e.getCause() instanceof IOException || isInterrupted()) { // of what is written; of what
        throw e; // is being read, which then looks damaged
      }
      reason = String.valueOf(e.getMessage());
    } catch (OutOfMemoryError e) {
      reason =
          "Image %s can't be labelled: the executor's heap is full. Give it more (spark.executor.memory), let it work at fewer images at once (spark.task.cpus), or use %s window."
              .formatted(path, settings.inStrips() ? "a smaller" : "a");
    }
    return PredictionTable.failed(path, classes, reason.replace('\n', ' '));
  }

  private static boolean isInterrupted() {
    return TaskContext.get().isInterrupted() || Thread.currentThread().isInterrupted();
  }

  private Row labelled(String path, byte @Nullable [] content, Predictor predictor) {
    String name = masks.name(path);
    Configuration conf = hadoop.value();
    try (LocalImage image = LocalImage.of(path, content, conf)) {
      try {
        return labelled(image, name, predictor);
      } catch (AtrousException e) {
        throw image.named(e);
      }
    }
  }

  private Row labelled(LocalImage image, String name, Predictor predictor) {
    ImageSet alone = ImageSet.of(List.of(image.file())).withPixels(predictor.pixels());
    ImageRows rows = settings.inStrips() ? alone.open(image.file()) : alone.read(image.file());
    long[] pixels = new long[classes];
    try (MaskFolder.Target target = masks.target(name, hadoop.value());
        MaskPicture mask =
            new MaskPicture(target.file(), rows.width(), rows.height(), MaskValues.CLASSES)) {
      predictor.predict(
          List.of(rows),
          (index, top, labels) -> {
            mask.add(labels);
            count(labels, pixels);
          });
      mask.finish();
      target.finish();
      List<String> remarks = alone.remarks();
      String note = remarks.isEmpty() ? null : image.named(String.join(" ", remarks));
      return PredictionTable.labelled(image.name(), target.place(), rows, pixels, note);
    }
  }

  private static void count(LabelMap labels, long[] pixels) {
    for (byte label : labels.labels()) {
      pixels[Byte.toUnsignedInt(label)]++;
    }
  }
}
