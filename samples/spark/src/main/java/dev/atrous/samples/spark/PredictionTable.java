package dev.atrous.samples.spark;

import dev.atrous.runtime.data.ImageRows;
import dev.atrous.runtime.model.ModelDescription;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** The table of what images hold, a row for each: {@link ClusterPredictor#predict}. */
final class PredictionTable {
  static final String PATH = "path";
  static final String ERROR = "error";
  private static final int FIRST_CLASS = 4;

  private PredictionTable() {}

  /** Its columns. */
  static StructType schema(ModelDescription model) {
    StructType schema =
        new StructType()
            .add(PATH, DataTypes.StringType)
            .add("mask", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType);
    List<String> names = model.classNames();
    for (int label = 0; label < model.classes(); label++) {
      String name = names.isEmpty() ? "" : "_" + names.get(label);
      schema = schema.add("pixels_" + label + name, DataTypes.LongType);
    }
    return schema.add("note", DataTypes.StringType).add(ERROR, DataTypes.StringType);
  }

  /**
   * The row of an image that is labelled.
   *
   * @param pixels how many each class has
   * @param note what a user may not expect
   */
  static Row labelled(
      String path, String mask, ImageRows image, long[] pixels, @Nullable String note) {
    @Nullable Object[] values = new Object[FIRST_CLASS + pixels.length + 2];
    values[0] = path;
    values[1] = mask;
    values[2] = image.width();
    values[3] = image.height();
    for (int label = 0; label < pixels.length; label++) {
      values[FIRST_CLASS + label] = pixels[label];
    }
    values[FIRST_CLASS + pixels.length] = note;
    return RowFactory.create(values);
  }

  /** The row of an image that can't be labelled: its path and the reason. */
  static Row failed(@Nullable String path, int classes, String error) {
    @Nullable Object[] values = new Object[FIRST_CLASS + classes + 2];
    values[0] = path;
    values[values.length - 1] = error;
    return RowFactory.create(values);
  }
}
