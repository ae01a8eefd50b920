package dev.atrous.samples.paper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.Optimization;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.samples.paper.Row.Pretraining;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalogue against the tables of the paper, typed off once more. */
class PaperRowsTest {

  private static List<Row> table(int number) {
    return PaperRows.all().stream().filter(row -> row.table() == number).toList();
  }

  private static String name(Row row) {
    return row.model().description().name();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 75.18 73.88 70.06 59.99 42.34 20.29",
    "2, 64.81 72.14 74.29 73.88 68.39 73.21 75.34 75.76",
    "3, 68.39 73.21 75.34 75.76 70.23 75.67 76.09 76.66 73.14 75.78 75.96 76.11"
        + " 73.45 75.74 75.85 76.02 71.45 74.30 74.70 74.62",
    "4, 76.66 78.05 78.93 79.35",
    "5, 75.36 75.93 76.58 76.46 77.21",
    "6, 77.21 78.51 79.45 79.77 82.70"
  })
  void figuresAreThePublishedOnes(int table, String figures) {
    List<Double> expected = List.of(figures.split(" ", -1)).stream().map(Double::valueOf).toList();
    assertThat(table(table).stream().map(Row::miou)).containsExactlyElementsOf(expected);
  }

  @Test
  void rowsComeInTheOrderOfThePaper() {
    assertThat(PaperRows.all().stream().map(Row::table)).isSorted().hasSize(48);
    assertThat(PaperRows.all().stream().map(row -> row.table() + row.label()))
        .doesNotHaveDuplicates();
  }

  /** What is one trained network is one spec. */
  @Test
  void sharedNetworksAreOneSpec() {
    assertThat(name(table(1).get(1))).isEqualTo("ResNet50Block7").isEqualTo(name(table(2).get(3)));
    assertThat(table(3).subList(0, 4).stream().map(PaperRowsTest::name))
        .containsExactlyElementsOf(
            table(2).subList(4, 8).stream().map(PaperRowsTest::name).toList());
    assertThat(table(4).stream().map(PaperRowsTest::name)).containsOnly("ResNet101Block7Grid121");
    assertThat(table(6).stream().map(PaperRowsTest::name)).containsOnly("DeepLabV3");
    assertThat(name(table(5).get(4))).isEqualTo("DeepLabV3");
    assertThat(PaperRows.networks()).hasSize(34);
    assertThat(PaperRows.models().stream().map(model -> model.description().name()))
        .hasSize(36)
        .doesNotHaveDuplicates();
  }

  @Test
  void evaluationsOfTheCascadeAndOfThePyramid() {
    for (int table : new int[] {4, 6}) {
      List<Row> rows = table(table);
      assertThat(rows.stream().map(Row::outputStride).limit(4)).containsExactly(16, 8, 8, 8);
      assertThat(rows.stream().map(Row::multiScale).limit(4))
          .containsExactly(false, false, true, true);
      assertThat(rows.stream().map(Row::flip).limit(4)).containsExactly(false, false, false, true);
    }
    Row coco = table(6).get(4);
    assertThat(coco.outputStride()).isEqualTo(8);
    assertThat(coco.multiScale()).isTrue();
    assertThat(coco.flip()).isTrue();
    assertThat(
            PaperRows.all().stream()
                .filter(row -> row.pretraining() == Pretraining.COCO)
                .map(Row::label))
        .containsExactly(coco.label());
  }

  @Test
  void otherRowsAreEvaluatedAsTheyAreTrained() {
    for (int table : new int[] {1, 2, 3, 5}) {
      assertThat(table(table))
          .noneMatch(row -> row.multiScale() || row.flip())
          .allMatch(row -> row.outputStride() == row.model().description().outputStride());
    }
    assertThat(PaperRows.all())
        .allMatch(row -> row.model().description().outputStrides().contains(row.outputStride()));
  }

  /** Section 4.1; the second phase differs in its learning rate and batch normalisation. */
  @Test
  void theRecipeIsThePapers() {
    for (CompiledModel model : PaperRows.models()) {
      boolean second = model.description().name().equals("DeepLabV3TwoPhases");
      assertThat(model.description().training())
          .as(model.description().name())
          .isEqualTo(
              new TrainingRecipe(
                  16,
                  30_000,
                  second ? 0.001 : 0.007,
                  0.9,
                  0.9,
                  1e-4,
                  AugmentationRecipe.scales(0.5, 2),
                  second ? Training.BatchNorm.FROZEN : Training.BatchNorm.TRAINED,
                  second ? 1 : 0.9997,
                  Optimization.PAPER));
      assertThat(model.description().classes()).isEqualTo(21);
    }
  }
}
