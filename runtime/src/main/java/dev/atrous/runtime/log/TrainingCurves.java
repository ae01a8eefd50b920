package dev.atrous.runtime.log;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a training went, by its steps, as {@link TrainingLog} wrote it.
 *
 * @param rows in the order of their steps
 * @param validations in the order of their steps
 */
public record TrainingCurves(List<Row> rows, List<Validation> validations) {
  /** No training. */
  public static final TrainingCurves NONE = new TrainingCurves(List.of(), List.of());

  /**
   * Some steps.
   *
   * @param step the last of them
   * @param loss mean over the steps since the row before
   * @param learningRate of the last step
   * @param imagesPerSecond lately, with the time to load
   */
  public record Row(long step, double loss, double learningRate, double imagesPerSecond) {}

  /**
   * How good the weights after a step were.
   *
   * @param step steps done
   * @param loss NaN if it was not measured
   * @param miou 0..1; NaN for no pixels
   * @param classIou in class order, 0..1; NaN where a class occurs neither in truth nor prediction
   */
  public record Validation(long step, double loss, double miou, List<Double> classIou) {
    public Validation {
      classIou = List.copyOf(classIou);
    }
  }

  public TrainingCurves {
    rows = List.copyOf(rows);
    validations = List.copyOf(validations);
  }

  /**
   * Reads what the directory of a run has. A table that is damaged, or can't be read, is left out.
   *
   * @param problems is told what is wrong with one, and what to do
   * @return empty if it has no log, as runs of earlier versions
   */
  public static TrainingCurves read(Path directory, Consumer<String> problems) {
    return new TrainingCurves(
        read(
            directory.resolve(TrainingLog.STEPS),
            problems,
            cells ->
                new Row(
                    Long.parseLong(cells.get(0)),
                    number(cells.get(1)),
                    number(cells.get(2)),
                    number(cells.get(3)))),
        read(
            directory.resolve(TrainingLog.VALIDATIONS),
            problems,
            cells ->
                new Validation(
                    Long.parseLong(cells.get(0)),
                    number(cells.get(1)),
                    number(cells.get(2)),
                    cells.stream().skip(3).map(TrainingCurves::number).toList())));
  }

  private static <T> List<T> read(
      Path file, Consumer<String> problems, Function<List<String>, T> row) {
    try {
      return rows(file, row);
    } catch (AtrousException e) {
      problems.accept(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private static <T> List<T> rows(Path file, Function<List<String>, T> row) {
    List<T> rows = new ArrayList<>();
    List<String> lines = lines(file);
    for (int i = 1; i < lines.size(); i++) {
      List<String> cells = List.of(lines.get(i).split(",", -1));
      try {
        if (cells.size() != columns(lines.get(0))) {
          throw new IllegalArgumentException(cells.size() + " cells");
        }
        rows.add(row.apply(cells));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new AtrousException(
            "The log %s is damaged in line %d: '%s'. Remove the line, or the file."
                .formatted(file, i + 1, lines.get(i)),
            e);
      }
    }
    return rows;
  }

  /** Of a header, whose names of classes may have commas between quotation marks. */
  private static int columns(String header) {
    return header.replaceAll("\"[^\"]*\"", "").split(",", -1).length;
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }

  /** The lines of a file that were written to their end; none if there is no file. */
  static List<String> lines(Path file) {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      String text = Files.readString(file);
      return Arrays.asList(text.substring(0, text.lastIndexOf('\n') + 1).split("\n"));
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException(
          "The log " + file + " can't be read: " + e + ". Mend or remove it.", e);
    }
  }
}
