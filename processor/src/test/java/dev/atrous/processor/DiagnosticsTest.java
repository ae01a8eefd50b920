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
    example.checkJavac();
  }

  @Test
  void everyMessageHasAnExample() {
    assertThat(Stream.concat(examples(), MisspeltNamesTest.examples()).map(Example::id))
        .contains(DiagnosticId.values());
  }

  @Test
  void codesCountUp() {
    int number = 1;
    for (DiagnosticId id : DiagnosticId.values()) {
      assertThat(id.code()).isEqualTo("ATR%03d", number++);
    }
  }

  /** All but the names that don't exist, about which the Java compiler has its own message too. */
  static Stream<Example> examples() {
    return Stream.of(
            types(),
            models(),
            names(),
            backbones(),
            cascades(),
            pyramids(),
            bands(),
            conventions(),
            recipes(),
            losses(),
            PhaseExamples.all(),
            PlanExamples.all())
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
            "private",
            """
            class Specs {
              «@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_50) private interface Spec {}
            }
            """,
            "@SegmentationModel is on a private type, but a model spec is seen by its package, as the classes are"
                + " that are generated for it. Remove 'private' before Spec."),
        new Example(
            DiagnosticId.SPEC_KIND,
            "in a private type",
            """
            class Specs {
              private static class Inner {
                «@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_50) interface Spec {}
              }
            }
            """,
            "@SegmentationModel is on a type in Inner, which is private, but a model spec is seen by its package, as"
                + " the classes are that are generated for it. Remove 'private' before Inner."),
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
            "no network is named for the backbone. Name one on the spec, for example '@Backbone(ResNet.RESNET_50)'."),
        new Example(
            DiagnosticId.BACKBONE_MISSING,
            "in any of several types",
            """
            interface Plain {}
            @ASPP interface Pyramid extends Plain {}
            @Training interface Recipe {}
            @SegmentationModel(classes = 21)
            «@Backbone(outputStride = 8)
            interface Spec extends Pyramid, Recipe {}
            """,
            "no network is named for the backbone, neither on Spec nor on what it extends (Pyramid, Recipe, Plain)."
                + " Name one on the spec, for example '@Backbone(ResNet.RESNET_50)'."),
        new Example(
            DiagnosticId.CLASSES_MISSING,
            "",
            """

            «@SegmentationModel(crop = 513)
            @Backbone(ResNet.RESNET_18)
            interface Spec {}
            """,
            "nothing says how many classes there are. Say it on the spec, for example '@SegmentationModel(classes ="
                + " 21)'."),
        new Example(
            DiagnosticId.CLASSES_MISSING,
            "in a parent",
            """
            @Backbone(ResNet.RESNET_18) interface Base {}
            «@SegmentationModel interface Spec extends Base {}
            """,
            "nothing says how many classes there are, neither on Spec nor on what it extends (Base). Say it on the"
                + " spec, for example '@SegmentationModel(classes = 21)'."),
        new Example(
            DiagnosticId.PARENTS_DISAGREE,
            "",
            """
            @Training(batchSize = 8) interface Small {}
            @Training(batchSize = 16, power = 1) interface Large {}
            @SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_18)
            «interface Spec extends Small, Large {}
            """,
            "Spec inherits different values of @Training(batchSize): 8 from Small, 16 from Large. Write the one that is"
                + " meant on the spec, for example '@Training(batchSize = 8)'."),
        new Example(
            DiagnosticId.PARENTS_DISAGREE,
            "where the spec has the annotation",
            """
            @ASPP(rates = {6, 12}) interface Two {}
            @ASPP(rates = {6, 12, 18}) interface Three {}
            @SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_18)
            «@ASPP(filters = 64)
            interface Spec extends Two, Three {}
            """,
            "Spec inherits different values of @ASPP(rates): {6, 12} from Two, {6, 12, 18} from Three. Write the one"
                + " that is meant on the spec, for example '@ASPP(rates = {6, 12})'."),
        new Example(
            DiagnosticId.NOTHING_OF_ITS_OWN,
            "",
            """
            @SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) interface Base {}
            «interface Spec extends Base {}
            """,
            "Spec extends the model spec Base, but has no annotation of its own, so nothing is generated for it. If it"
                + " is meant to be a model, add '@SegmentationModel' to it: without values, it inherits all of"
                + " them."),
        new Example(
            DiagnosticId.SEGMENTATION_MODEL_MISSING,
            "",
            """

            «@Backbone(ResNet.RESNET_50)
            interface Spec {}
            """,
            "@Backbone says something about a model, but Spec is none: there is no '@SegmentationModel', and nothing"
                + " here extends it. Add '@SegmentationModel(classes = ...)' to it, or, if specs elsewhere extend it,"
                + " '@SuppressWarnings(\"ATR003\")'."),
        new Example(
            DiagnosticId.GENERATED_CLASS_EXISTS,
            "",
            """
            @SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_18)
            «interface Spec {}
            class SpecPredictor {}
            """,
            "the class SpecPredictor can't be generated: there is a class of that name"
                + " already. Rename the spec, or the class that is in the way."),
        new Example(
            DiagnosticId.SUPPRESSES_NOTHING,
            "error",
            """
            @SuppressWarnings(«"ATR004")
            @SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) interface Spec {}
            """,
            "@SuppressWarnings(\"ATR004\") has no effect: ATR004 is an error, and only warnings can be suppressed. Remove"
                + " it, or correct the number."),
        new Example(
            DiagnosticId.SUPPRESSES_NOTHING,
            "unknown",
            """
            @SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18)
            @SuppressWarnings({"unused",
              «"ATR999"}) interface Spec {}
            """,
            "@SuppressWarnings(\"ATR999\") has no effect: there is no message ATR999. Remove it, or correct the"
                + " number."));
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

  private static List<Example> names() {
    String first = "@Backbone(ResNet.RESNET_18)\n@SegmentationModel(classes = ";
    String rest = ") interface Spec {}";
    String notCounted =
        " without the background, which is label 0 there, and a class: use 'classes = %d'. If label 0 is something"
            + " else in your data set, name the classes with 'classNames'.";
    return List.of(
        new Example(
            DiagnosticId.CLASS_NAMES_COUNT,
            "too few",
            first + "4, classNames = «{\"background\", \"cat\"}" + rest,
            "there are 2 names for 4 classes. Give one for each class, class 0 first, or leave classNames out."),
        new Example(
            DiagnosticId.CLASS_NAMES_COUNT,
            "all but the background",
            first + "3, classNames = «{\"cat\",\n\"dog\"}" + rest,
            "there are 2 names for 3 classes. Give one for each class, class 0 first, or leave classNames out. The"
                + " background seems to be missing."),
        new Example(
            DiagnosticId.CLASS_NAME_UNUSABLE,
            "blank",
            first + "3, classNames = {\"background\",\n  «\" \", \"dog\"}" + rest,
            "the name of class 1 is blank. Results are shown by name, so each class needs one of its own."),
        new Example(
            DiagnosticId.CLASS_NAME_UNUSABLE,
            "twice",
            first + "3, classNames = {\"background\", \"cat\", «\"Cat\"}" + rest,
            "class 1 and class 2 have the same name, 'Cat'. Results are shown by name, so each class needs one of its"
                + " own."),
        new Example(
            DiagnosticId.BACKGROUND_NOT_NAMED,
            "",
            first + "2, classNames = «{\"cat\", \"dog\"}" + rest,
            "no class is the background (named background, void, unlabeled, other or none). In masks like those of"
                + " PASCAL VOC it is label 0, and a class: put 'background' first and count it in 'classes'. If the"
                + " data set gives every pixel one of these classes, '@SuppressWarnings(\"ATR028\")' says so."),
        new Example(
            DiagnosticId.BACKGROUND_NOT_COUNTED,
            "PASCAL VOC",
            first + "«20" + rest,
            "20 classes are those of PASCAL VOC" + String.format(notCounted, 21)),
        new Example(
            DiagnosticId.BACKGROUND_NOT_COUNTED,
            "COCO",
            first + "«80" + rest,
            "80 classes are those of COCO" + String.format(notCounted, 81)));
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
                + " up to 1024."),
        new Example(
            DiagnosticId.MULTI_GRID_WITHOUT_EFFECT,
            "all ones",
            first + "multiGrid = «{1, 1, 1}" + rest,
            "the multi-grid has no effect: it multiplies each rate by 1, as it is without it. Leave it out, or give"
                + " other rates, for example 'multiGrid = {1, 2, 4}'."));
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
            DiagnosticId.IMAGE_POOLING_IMPOSSIBLE,
            "",
            first + "form = ASPP.Form.DEEPLAB_V2, imagePooling = «true" + rest,
            "DeepLabv2's pyramid can't have image-level features: it adds the class scores of its atrous branches and"
                + " has nothing else. Remove 'imagePooling = true', or 'form = ASPP.Form.DEEPLAB_V2'."));
  }

  private static List<Example> bands() {
    String rest = ")\n@Backbone(ResNet.RESNET_18) interface Spec {}";
    String four = "@SegmentationModel(classes = 5, crop = 513, bands = 4, ";
    String deep = "@SegmentationModel(classes = 5, crop = 513, bits = 16, ";
    String values =
        ". Give bandMean and bandDeviation a value for each band, over the training images and in their values (0 to "
            + "255). Or leave both out: then training measures them, and for three bands of 8 bits the conventions"
            + " decide.";
    String meaning = ". It is that of the band's values over the training images.";
    return List.of(
        new Example(
            DiagnosticId.BANDS_RANGE,
            "none",
            "@SegmentationModel(classes = 5, crop = 513, bands = «0" + rest,
            "images of 0 bands are not possible: there are 1 to 16. 3, the default, are red, green and blue."),
        new Example(
            DiagnosticId.BAND_VALUES_COUNT,
            "",
            four + "bandMean = {1, 2, 3, 4}, bandDeviation = «{1, 2}" + rest,
            "bandDeviation has 2 values for images of 4 bands" + values),
        new Example(
            DiagnosticId.BAND_VALUES_COUNT,
            "one",
            four.replace("4", "«4") + "bandMean = {1, 2, 3, 4}" + rest,
            "bandDeviation has 0 values for images of 4 bands" + values),
        new Example(
            DiagnosticId.BAND_VALUE_RANGE,
            "mean",
            four + "bandMean = {1, 2, 3, «256}, bandDeviation = {1, 2, 3, 4}" + rest,
            "bandMean = 256.0 of band 4 is not possible: it must be at least 0 and at most 255"
                + meaning),
        new Example(
            DiagnosticId.BAND_VALUE_RANGE,
            "deviation",
            four + "bandMean = {1, 2, 3, 4}, bandDeviation = {1, «-2, 3, 4}" + rest,
            "bandDeviation = -2.0 of band 2 is not possible: it must be greater than 0 and at most 255"
                + meaning),
        new Example(
            DiagnosticId.COLORS_OF_BANDS,
            "",
            four
                + "bandMean = {1, 2, 3, 4}, bandDeviation = {1, 2, 3, 4})\n@Training(hue = «0.1"
                + rest,
            "hue = 0.1 needs colours, but images have 4 bands of 8 bits: it is defined for red, green and blue in bytes."
                + " Remove it, or use 'bands = 3' and 'bits = 8'."),
        new Example(
            DiagnosticId.COLORS_OF_BANDS,
            "deep",
            deep + "bandMean = {1, 2, 3}, bandDeviation = {1, 2, 3})\n@Training(hue = «0.1" + rest,
            "hue = 0.1 needs colours, but images have 3 bands of 16 bits: it is defined for red, green and blue in bytes."
                + " Remove it, or use 'bands = 3' and 'bits = 8'."),
        new Example(
            DiagnosticId.BAND_VALUE_RANGE,
            "deep",
            deep + "bandMean = {1, 2, «65536}, bandDeviation = {1, 2, 3}" + rest,
            "bandMean = 65536.0 of band 3 is not possible: it must be at least 0 and at most 65535"
                + meaning),
        new Example(
            DiagnosticId.BAND_BITS,
            "",
            "@SegmentationModel(classes = 5, crop = 513, bands = 4, bits = «12" + rest,
            "values of 12 bits are not possible: images have 8, the default, or 16 (bits = 16), where a file of 10 to 14"
                + " significant bits has 16."));
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
    String imageFeatures =
        "imageFeatures says where the image-level features stand, but the model has none. Use '@ASPP(imagePooling ="
            + " true)', or remove this value.";
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
                + " than 0 and at most 1000. torchvision has 0.5. To have no auxiliary loss, remove @AuxiliaryHead."),
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
            head),
        new Example(
            DiagnosticId.IMAGE_FEATURES_ABSENT,
            "no pyramid",
            first + "@Conventions(imageFeatures = Conventions.ImageFeatures«.LAST" + rest,
            imageFeatures),
        new Example(
            DiagnosticId.IMAGE_FEATURES_ABSENT,
            "no image pooling",
            first
                + "@ASPP(rates = 6, imagePooling = false)\n"
                + "@Conventions(imageFeatures = Conventions.ImageFeatures«.FIRST"
                + rest,
            imageFeatures));
  }

  private static List<Example> recipes() {
    return List.of(
        recipe("batchSize = «0", "batchSize = 0", "at least 1", "The paper uses 16"),
        recipe("steps = «-1", "steps = -1", "at least 1", "The paper uses 30000"),
        recipe(
            "learningRate = «1e4",
            "learningRate = 10000.0",
            "greater than 0 and less than 1000",
            "The paper uses 0.007"),
        recipe(
            "power = «0.0",
            "power = 0.0",
            "greater than 0 and less than 1000",
            "The paper uses 0.9"),
        recipe(
            "momentum = «1", "momentum = 1.0", "at least 0 and less than 1", "The paper uses 0.9"),
        recipe(
            "weightDecay = «-1e-4",
            "weightDecay = -1.0E-4",
            "at least 0 and less than 1",
            "The paper uses 1.0E-4"),
        recipe(
            "minScale = «0",
            "minScale = 0.0",
            "greater than 0 and at most 16",
            "The paper uses 0.5"),
        recipe(
            "maxScale = «17",
            "maxScale = 17.0",
            "greater than 0 and at most 16",
            "The paper uses 2.0"),
        recipe(
            "maxScale = «0.25",
            "maxScale = 0.25",
            "at least minScale, 0.5, and at most 16",
            "The paper uses 2.0"),
        recipe(
            "minScale = «3",
            "minScale = 3.0",
            "greater than 0 and at most maxScale, 2.0",
            "The paper uses 0.5"),
        recipe(
            "rotation = «-1",
            "rotation = -1.0",
            "at least 0 and at most 180",
            "It is in degrees, to either side, and 0 is none"),
        recipe(
            "contrast = «1.5",
            "contrast = 1.5",
            "at least 0 and at most 1",
            "Factors are drawn from 1 minus to 1 plus this, and 0 is none"),
        recipe(
            "hue = «0.6",
            "hue = 0.6",
            "at least 0 and at most 0.5",
            "It is a share of the circle of colours, and 0 is none"),
        recipe(
            "batchNormDecay = «1.5",
            "batchNormDecay = 1.5",
            "at least 0 and less than 1",
            "The paper uses 0.9997"),
        recipe(
            "memoryBudget = «-1",
            "memoryBudget = -1",
            "at least 0",
            "It is in MiB, and 0 is no limit"),
        recipe(
            "steps = 20_000, warmupSteps = «20_000",
            "warmupSteps = 20000",
            "at least 0 and less than the steps, 20000",
            "0 is no warm-up"),
        recipe(
            "warmupSteps = «-1",
            "warmupSteps = -1",
            "at least 0 and less than the steps, 30000",
            "0 is no warm-up"),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "power",
            recipe("schedule = Training.Schedule.COSINE, power = «0.9"),
            "power = 0.9 has no effect: the cosine schedule has no exponent. Remove it."),
        recipe(
            "optimizer = Training.Optimizer.ADAMW, learningRate = 1e-3, beta2 = «1.0",
            "beta2 = 1.0",
            "at least 0 and less than 1",
            "0.999 is usual"),
        recipe("clipNorm = «-1", "clipNorm = -1.0", "at least 0", "0 is no limit"),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "beta2",
            recipe("beta2 = «0.9"),
            "beta2 = 0.9 has no effect: gradient descent with momentum keeps no squares of gradients. Remove it."),
        new Example(
            DiagnosticId.RATE_OF_ANOTHER_OPTIMIZER,
            "",
            recipe("optimizer = Training.Optimizer«.ADAMW"),
            "a learning rate of 0.007 is made for gradient descent. AdamW moves each weight by about the rate at each"
                + " step, however small its gradient is, and wants less. Write one, for example 'learningRate ="
                + " 5e-4'."),
        new Example(
            DiagnosticId.UNKNOWN_PART,
            "misspelt",
            recipe("parts = «@Training.Part(value = \"Blok1\", frozen = true)"),
            "the network has no part 'Blok1'. Did you mean block1? It has backbone, stem, block1, block2, block3,"
                + " block4, head."),
        new Example(
            DiagnosticId.UNKNOWN_PART,
            "of another model",
            recipe(
                "parts = {@Training.Part(value = \"stem\", learningRate = 0.5), «@Training.Part(\"aspp\")}"),
            "the network has no part 'aspp'. It has backbone, stem, block1, block2, block3, block4, head."),
        new Example(
            DiagnosticId.PART_TWICE,
            "",
            recipe(
                "parts = {@Training.Part(value = \"stem\", frozen = true), «@Training.Part(\"stem\")}"),
            "the part 'stem' is named twice. Say once how it is to be trained."),
        new Example(
            DiagnosticId.NOTHING_TRAINED,
            "",
            recipe(
                "parts = {«@Training.Part(value = \"backbone\", frozen = true), @Training.Part(value = \"head\","
                    + " frozen = true)}"),
            "all parts of the network are frozen, so there would be nothing to train. Leave at least one out, for"
                + " example the last."),
        new Example(
            DiagnosticId.PART_RATE_RANGE,
            "zero",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = 0)"),
            "a learning rate of 0.0 times that of the rest is not possible for the part 'stem': it must be greater"
                + " than 0 and at most 1000. To keep it as it is, write 'frozen = true'."),
        new Example(
            DiagnosticId.PART_RATE_RANGE,
            "negative",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = -1)"),
            "a learning rate of -1.0 times that of the rest is not possible for the part 'stem': it must be greater"
                + " than 0 and at most 1000. 1 is that of the rest."),
        new Example(
            DiagnosticId.TRAINING_WITHOUT_EFFECT,
            "rate of a frozen part",
            recipe("parts = «@Training.Part(value = \"stem\", learningRate = 0.5, frozen = true)"),
            "learningRate = 0.5 has no effect: stem is frozen. Remove it."),
        new Example(
            DiagnosticId.AVERAGES_TOO_SLOW,
            "steps",
            recipe("steps = «1000"),
            "with batchNormDecay = 0.9997, 74% of the moving averages of batch normalisation is still what they start"
                + " with after 1000 steps: a model trained from random weights predicts with wrong statistics. Use"
                + " 'batchNormDecay = 0.99', or at least 15349 steps."),
        new Example(
            DiagnosticId.AVERAGES_TOO_SLOW,
            "decay",
            recipe("steps = 5, batchNormDecay = «0.9"),
            "with batchNormDecay = 0.9, 59% of the moving averages of batch normalisation is still what they start"
                + " with after 5 steps: a model trained from random weights predicts with wrong statistics. Use"
                + " 'batchNormDecay = 0.0', or at least 44 steps."),
        new Example(
            DiagnosticId.DECAY_OF_FROZEN_AVERAGES,
            "",
            "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n"
                + "@Training(batchNormDecay = «0.99, batchNorm = Training.BatchNorm.FROZEN) interface Spec {}",
            "a batchNormDecay of 0.99 has no effect: frozen batch normalisation keeps its moving averages as they"
                + " are. Remove it, or 'batchNorm = Training.BatchNorm.FROZEN'."));
  }

  private static List<Example> losses() {
    return List.of(
        loss(
            DiagnosticId.LOSS_RANGE,
            "dice = «-1",
            "dice = -1.0 is not possible in @Loss: it must be at least 0 and at most 1000."),
        loss(
            DiagnosticId.LOSS_RANGE,
            "crossEntropy = Double«.NaN",
            "crossEntropy = NaN is not possible in @Loss: it must be at least 0 and at most 1000."),
        loss(
            DiagnosticId.LOSS_RANGE,
            "focal = 1, focalGamma = «0",
            "focalGamma = 0.0 is not possible in @Loss: it must be greater than 0 and at most 10."),
        loss(
            DiagnosticId.LOSS_EMPTY,
            "crossEntropy = «0",
            "nothing is left to minimise: the factors of all losses are 0. Give one of them another,"
                + " for example '@Loss(crossEntropy = 1)'."),
        loss(
            DiagnosticId.CLASS_WEIGHTS_COUNT,
            "classWeights = «{1, 2}",
            "there are 2 class weights, but 3 classes, and each needs one, class 0 (the background)"
                + " first. For example 'classWeights = {1, 1, 1}'."),
        loss(
            DiagnosticId.CLASS_WEIGHT_RANGE,
            "classWeights = {1, «-2, 1}",
            "a weight of -2.0 for class 1 is not possible: it must be at least 0 and at most 1000000."
                + " Only the ratios of the weights matter."),
        loss(
            DiagnosticId.CLASS_WEIGHT_RANGE,
            "classWeights = {1, 1, Double«.POSITIVE_INFINITY}",
            "a weight of Infinity for class 2 is not possible: it must be at least 0 and at most"
                + " 1000000. Only the ratios of the weights matter."),
        loss(
            DiagnosticId.CLASS_WEIGHTS_ZERO,
            "classWeights = «{0, 0, 0}",
            "all class weights are 0, so nothing would be learnt. Give at least one class a weight, or"
                + " remove 'classWeights'."),
        loss(
            DiagnosticId.LOSS_WITHOUT_EFFECT,
            "crossEntropy = 0, dice = 1, classWeights = «{1, 2, 3}",
            "class weights have no effect: in the Dice loss all classes count the same. Remove them, or"
                + " give crossEntropy or focal a factor."),
        loss(
            DiagnosticId.LOSS_WITHOUT_EFFECT,
            "dice = 1, focalGamma = «3",
            "the focalGamma of 3.0 has no effect: the focal loss has a factor of 0. Remove it, or write"
                + " 'focal = 1'."));
  }

  private static Example loss(DiagnosticId id, String written, String message) {
    return new Example(
        id,
        written,
        "@SegmentationModel(classes = 3, crop = 513)\n@Backbone(ResNet.RESNET_18)\n@Loss("
            + written
            + ") interface Spec {}",
        message);
  }

  private static Example recipe(String written, String value, String range, String advice) {
    return new Example(
        DiagnosticId.TRAINING_RANGE,
        written,
        recipe(written),
        value + " is not possible: it must be " + range + ". " + advice + ".");
  }

  private static String recipe(String written) {
    return "@SegmentationModel(classes = 21, crop = 513)\n@Backbone(ResNet.RESNET_18)\n@Training("
        + written
        + ") interface Spec {}";
  }
}
