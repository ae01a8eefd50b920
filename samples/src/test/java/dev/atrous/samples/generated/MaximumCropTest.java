package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.train.TrainingOptions;
import org.junit.jupiter.api.Test;

/**
 * Where the compiler dropped taps that are dead on the map of the spec's crop, a larger crop is
 * refused.
 */
class MaximumCropTest {

  @Test
  void isTheSpecsWhereTapsWereDropped() {
    CascadeAndPyramidModel model = new CascadeAndPyramidModel();
    assertThat(model.trainingStep().maximumCrop()).isEqualTo(33);
    TrainingOptions larger = TrainingOptions.of(model.description()).crop(34).build();
    assertThatThrownBy(() -> new CascadeAndPyramidTrainer(larger))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The crop is 34 pixels, but the training step of CascadeAndPyramid was compiled for crops up to 33."
                + " Set @SegmentationModel(crop = 34) on the spec and compile it again, or train with a smaller"
                + " crop.");
  }

  @Test
  void isNoneWhereAllTapsAreAlive() {
    assertThat(new LongCascadeModel().trainingStep().maximumCrop()).isEqualTo(Integer.MAX_VALUE);
  }
}
