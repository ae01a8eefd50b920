package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message of the catalogue: its text, and the place in the source that it points at. */
final class DiagnosticsTest {

  @ParameterizedTest
  @MethodSource("examples")
  void oneMistakeGivesOneMessageAtItsPlace(Example example) {
    example.check();
  }

  @Test
  void everyMessageHasAnExample() {
    assertThat(examples().map(Example::id)).contains(DiagnosticId.values());
  }

  @Test
  void codesAreUniqueAndAscend() {
    List<String> codes = Stream.of(DiagnosticId.values()).map(DiagnosticId::code).toList();
    assertThat(codes).isSorted().doesNotHaveDuplicates().allMatch(c -> c.matches("ATR\\d{3}"));
  }

  static Stream<Example> examples() {
    return Stream.of(
            types(), models(), backbones(), cascades(), pyramids(), conventions(), recipes())
        .flatMap(List::stream);
  }

  private static List<Example> types() {
    return List.of(
        new Example(
            DiagnosticId.SPEC_KIND,
            "enum",
            """

            «@SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_50)
            enum Spec {}
            """,
            "@SegmentationModel is on an enum, but a model spec is a class or an interface. Move the annotations to"
                + " one, for example 'interface Spec {}'."),
        new Example(
            DiagnosticId.SPEC_KIND,
            "record",
            """
            «@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_50) record Spec() {}
            """,
            "@SegmentationModel is on a record, but a model spec is a class or an interface. Move the annotations to"
                + " one, for example 'interface Spec {}'."),
        new Example(
            DiagnosticId.SPEC_KIND,
            "annotation",
            """
            @Backbone(ResNet.RESNET_50)
              «@SegmentationModel(classes = 21)
            @interface Spec {}
            """,
            "@SegmentationModel is on an annotation, but a model spec is a class or an interface. Move the"
                + " annotations to one, for example 'interface Spec {}'."),
        new Example(
            DiagnosticId.BACKBONE_MISSING,
            "",
            """

            @ASPP
            «@SegmentationModel(classes = 21)
            interface Spec {}
            """,
            "the model has no backbone. Add one to the spec, for example '@Backbone(ResNet.RESNET_50)'."),
        new Example(
            DiagnosticId.SEGMENTATION_MODEL_MISSING,
            "",
            """

            «@Backbone(ResNet.RESNET_50)
            interface Spec {}
            """,
            "@Backbone says something about a model, but Spec is none. Add '@SegmentationModel(classes = ...)' to it,"
                + " or remove this annotation."),
        new Example(
            DiagnosticId.GENERATED_CLASS_EXISTS,
            "",
            """
            @SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_18)
            «interface Spec {}
            class SpecPredictor {}
            """,
            "the class SpecPredictor that this spec generates can't be written: there is a class of that name"
                + " already. Rename the spec, or the class that is in the way."));
  }

  private static List<Example> models() {
    String rest = ") @Backbone(ResNet.RESNET_18) interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.CLASSES_RANGE,
            "too few",
            "\n\n@SegmentationModel(classes = «1" + rest,
            "1 classes are not possible: there must be at least 2 (background and one more) and at most 254 (labels"
                + " are bytes, and 255 marks ignored pixels). Count the labels of the data set, background"
                + " included."),
        new Example(
            DiagnosticId.CLASSES_RANGE,
            "too many",
            "@SegmentationModel(crop = 33,\n  classes = 200 «+ 55" + rest,
            "255 classes are not possible: there must be at least 2 (background and one more) and at most 254 (labels"
                + " are bytes, and 255 marks ignored pixels). Count the labels of the data set, background"
                + " included."),
        new Example(
            DiagnosticId.CROP_TOO_SMALL,
            "",
            "@SegmentationModel(classes = 21, crop = «16" + rest,
            "a crop of 16 pixels has a feature map of one pixel at output stride 16. Use a crop of at least 17, or a"
                + " smaller output stride."),
        new Example(
            DiagnosticId.CROP_NOT_ALIGNED,
            "",
            "@SegmentationModel(classes = 21,\n crop = «512" + rest,
            "a crop of 512 pixels is not 1 modulo the output stride 16, so the corners of the feature map do not fall"
                + " on the corners of the crop. Use 497 or 513."),
        new Example(
            DiagnosticId.BATCH_TOO_LARGE,
            "crop",
            "@SegmentationModel(classes = 21, crop = «6689" + rest,
            "a batch of 16 crops of 6689 x 6689 pixels is not possible: its bytes must fit into one Java array, of"
                + " 2147483647 at most. Use a smaller crop or a smaller batchSize."),
        new Example(
            DiagnosticId.BATCH_TOO_LARGE,
            "batch",
            "@Training(batchSize = «2721)\n@SegmentationModel(classes = 21" + rest,
            "a batch of 2721 crops of 513 x 513 pixels is not possible: its bytes must fit into one Java array, of"
                + " 2147483647 at most. Use a smaller crop or a smaller batchSize."));
  }

  private static List<Example> backbones() {
    String first = "@SegmentationModel(classes = 21, crop = 513)\n";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
            "",
            first + "@Backbone(value = ResNet.RESNET_18, outputStride = «12" + rest,
            "output stride 12 is not possible with blocks up to block4: a stride is 2 per block, so the output stride"
                + " is one of 8, 16 or 32."),
        new Example(
            DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
            "of a longer cascade",
            first + "@Backbone(value = ResNet.RESNET_18, outputStride = «128" + rest,
            "output stride 128 is not possible with blocks up to block4: a stride is 2 per block, so the output"
                + " stride is one of 8, 16 or 32. A longer cascade reaches it: '@AtrousCascade(lastBlock = 6)'."),
        new Example(
            DiagnosticId.WIDTH_RANGE,
            "",
            first + "@Backbone(width = «0, value = ResNet.RESNET_18" + rest,
            "a width of 0.0 is not possible: it multiplies the channels and must be greater than 0 and at most 2. 1"
                + " is the published network."),
        new Example(
            DiagnosticId.WIDTH_RANGE,
            "no number",
            first + "@Backbone(width = 0.0 «/ 0, value = ResNet.RESNET_18" + rest,
            "a width of NaN is not possible: it multiplies the channels and must be greater than 0 and at most 2. 1"
                + " is the published network."));
  }

  private static List<Example> cascades() {
    String first =
        "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_50)\n@AtrousCascade(";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.LAST_BLOCK_RANGE,
            "too many",
            first + "lastBlock = «8" + rest,
            "block8 can't be the last block: a cascade ends with block4 (no copies of it) to block7. Use lastBlock ="
                + " 7."),
        new Example(
            DiagnosticId.LAST_BLOCK_RANGE,
            "too few",
            first + "lastBlock = «3" + rest,
            "block3 can't be the last block: a cascade ends with block4 (no copies of it) to block7. Use lastBlock ="
                + " 4."),
        new Example(
            DiagnosticId.MULTI_GRID_LENGTH,
            "",
            first + "multiGrid = «{1, 2}" + rest,
            "the multi-grid has 2 rates, but block4 of ResNet-50 has 3 units and needs a rate for each. For example"
                + " 'multiGrid = {1, 2, 4}'."),
        new Example(
            DiagnosticId.MULTI_GRID_RANGE,
            "zero",
            first + "multiGrid = {1, «0, 4}" + rest,
            "a unit rate of 0 is not possible: it multiplies the atrous rate of its unit. Use 1 for no change, or up"
                + " to 1024."),
        new Example(
            DiagnosticId.MULTI_GRID_RANGE,
            "huge",
            first + "multiGrid = {1, 2, «1025}" + rest,
            "a unit rate of 1025 is not possible: it multiplies the atrous rate of its unit. Use 1 for no change, or"
                + " up to 1024."));
  }

  private static List<Example> pyramids() {
    String first =
        "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_18)\n@ASPP(";
    String rest = ") interface Spec {}";
    return List.of(
        new Example(
            DiagnosticId.RATES_EMPTY,
            "",
            first + "rates = «{}" + rest,
            "the pyramid has no rates, so it would have no atrous branch. Give at least one, for example 'rates = {6,"
                + " 12, 18}', or remove @ASPP."),
        new Example(
            DiagnosticId.RATE_RANGE,
            "negative",
            first + "rates = {«-6, 12}" + rest,
            "an atrous rate of -6 is not possible: it is the distance of a filter's taps in pixels of the feature"
                + " map. Use 1 to 1024."),
        new Example(
            DiagnosticId.RATE_RANGE,
            "huge",
            first + "rates = {6, Integer«.MAX_VALUE}" + rest,
            "an atrous rate of 2147483647 is not possible: it is the distance of a filter's taps in pixels of the"
                + " feature map. Use 1 to 1024."),
        new Example(
            DiagnosticId.RATES_NOT_ASCENDING,
            "",
            first + "rates = {6, 18,\n   «12}" + rest,
            "the rates of the pyramid must ascend without repetition, but 12 follows 18. The order decides which"
                + " weights belong to which branch; write 'rates = {6, 12, 18}'."),
        new Example(
            DiagnosticId.FILTERS_RANGE,
            "",
            first + "filters = «4097" + rest,
            "4097 filters are not possible: each branch of the pyramid has 1 to 4096 output channels. The paper uses"
                + " 256."),
        new Example(
            DiagnosticId.SINGLE_SAMPLE_STATISTICS,
            "",
            first + ") @Training(batchSize = «1" + rest,
            "with a batch of 1, batch normalisation after image pooling sees one value per channel: it outputs its"
                + " shift alone, so the image-level features learn nothing. Use a batchSize of at least 2, or"
                + " 'imagePooling = false'."),
        new Example(
            DiagnosticId.IMAGE_POOLING_IMPOSSIBLE,
            "",
            first + "form = ASPP.Form.DEEPLAB_V2, imagePooling = «true" + rest,
            "DeepLabv2's pyramid can't have image-level features: it adds the class scores of its atrous branches and"
                + " has nothing else. Remove 'imagePooling = true', or 'form = ASPP.Form.DEEPLAB_V2'."));
  }

  private static List<Example> conventions() {
    String first = "@SegmentationModel(classes = 21, crop = 513) @Backbone(ResNet.RESNET_18)\n";
    String rest = ") interface Spec {}";
    String dropout =
        " is not possible: it is the share of values that training sets to zero, at least 0 and less than 1."
            + " torchvision has 0.5 after the pyramid and 0.1 in the auxiliary head; 0 is none.";
    String stride =
        "the stride can't stand in the first 1x1 convolution: the units of ResNet-18 are two 3x3 convolutions. Use"
            + " 'stride = Conventions.Stride.FIRST_3X3', or a backbone with bottlenecks such as ResNet.RESNET_50.";
    String scores = "@ASPP(form = ASPP.Form.DEEPLAB_V2) ";
    String head =
        "there is no place for a 3x3 convolution before the class scores: every branch of DeepLabv2's pyramid ends"
            + " with its own. Use 'head = Conventions.Head.SCORES', or remove 'form = ASPP.Form.DEEPLAB_V2'.";
    return List.of(
        new Example(
            DiagnosticId.DROPOUT_RANGE,
            "pyramid",
            first + "@ASPP(dropout = «-0.5" + rest,
            "a dropout of -0.5" + dropout),
        new Example(
            DiagnosticId.DROPOUT_RANGE,
            "auxiliary head",
            first + "@AuxiliaryHead(dropout = «1" + rest,
            "a dropout of 1.0" + dropout),
        new Example(
            DiagnosticId.LOSS_WEIGHT_RANGE,
            "",
            first + "@AuxiliaryHead(lossWeight = «-1" + rest,
            "a loss weight of -1.0 is not possible: it multiplies the loss of the auxiliary head and must be greater"
                + " than 0. torchvision has 0.5. To have no auxiliary loss, remove @AuxiliaryHead."),
        new Example(
            DiagnosticId.STRIDE_NEEDS_BOTTLENECK,
            "preset",
            first + "@Conventions(Conventions.Preset«.MSRA" + rest,
            stride),
        new Example(
            DiagnosticId.STRIDE_NEEDS_BOTTLENECK,
            "stride",
            first + "@Conventions(stride = Conventions.Stride«.FIRST_1X1" + rest,
            stride),
        new Example(
            DiagnosticId.HEAD_AFTER_SCORES,
            "head",
            first + scores + "@Conventions(head = Conventions.Head«.CONV_3X3_AND_SCORES" + rest,
            head),
        new Example(
            DiagnosticId.HEAD_AFTER_SCORES,
            "preset",
            first + scores + "@Conventions(Conventions.Preset«.TORCHVISION" + rest,
            head));
  }

  private static List<Example> recipes() {
    return List.of(
        recipe("batchSize = «0", "batchSize = 0", "at least 1", "16"),
        recipe("steps = «-1", "steps = -1", "at least 1", "30000"),
        recipe(
            "learningRate = «1e4",
            "learningRate = 10000.0",
            "greater than 0 and less than 1000",
            "0.007"),
        recipe("power = «0.0", "power = 0.0", "greater than 0 and less than 1000", "0.9"),
        recipe("momentum = «1", "momentum = 1.0", "at least 0 and less than 1", "0.9"),
        recipe(
            "weightDecay = «-1e-4",
            "weightDecay = -1.0E-4",
            "at least 0 and less than 1",
            "1.0E-4"),
        recipe("minScale = «0", "minScale = 0.0", "greater than 0 and at most 16", "0.5"),
        recipe("maxScale = «0.25", "maxScale = 0.25", "at least minScale and at most 16", "2.0"),
        recipe(
            "batchNormDecay = «1.5",
            "batchNormDecay = 1.5",
            "at least 0 and less than 1",
            "0.9997"),
        new Example(
            DiagnosticId.DECAY_OF_FROZEN_AVERAGES,
            "",
            "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n"
                + "@Training(batchNormDecay = «0.99, batchNorm = Training.BatchNorm.FROZEN) interface Spec {}",
            "a batchNormDecay of 0.99 has no effect: frozen batch normalisation keeps its moving averages as they"
                + " are. Remove it, or 'batchNorm = Training.BatchNorm.FROZEN'."));
  }

  private static Example recipe(String written, String value, String range, String paper) {
    return new Example(
        DiagnosticId.TRAINING_RANGE,
        written,
        "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n@Training("
            + written
            + ") interface Spec {}",
        value + " is not possible: it must be " + range + ". The paper uses " + paper + ".");
  }
}
