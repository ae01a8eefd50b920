package dev.atrous.processor.diag;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The catalogue of everything the compiler says about a spec. Each message gives the cause and the
 * fix; docs/diagnostics.md has a section per id. Ids are never used again for something else.
 */
public enum DiagnosticId {
  SPEC_KIND("ATR001", Severity.ERROR, "@%s is on %s, but a model spec is %s. %s."),
  BACKBONE_MISSING(
      "ATR002",
      Severity.ERROR,
      "no network is named for the backbone%s. Name one on the spec, for example '@Backbone(ResNet.RESNET_50)'."),
  SEGMENTATION_MODEL_MISSING(
      "ATR003",
      Severity.WARNING,
      "@%s says something about a model, but %s is none: there is no '@SegmentationModel'%s, and nothing here extends"
          + " it. Add '@SegmentationModel(classes = ...)' to it, or, if specs elsewhere extend it,"
          + " '@SuppressWarnings(\"ATR003\")'."),
  CLASSES_RANGE(
      "ATR004",
      Severity.ERROR,
      "%d classes are not possible: there must be at least 2 (background and one more) and at most 254 (labels are"
          + " bytes, and 255 marks ignored pixels). Count the labels of the data set, background included."),
  CROP_TOO_SMALL(
      "ATR005",
      Severity.ERROR,
      "a crop of %d pixels has a feature map of one pixel at output stride %d. Use a crop of at least %d, or a"
          + " smaller output stride."),
  CROP_NOT_ALIGNED(
      "ATR006",
      Severity.WARNING,
      "a crop of %d pixels is not 1 modulo the output stride %d, so the corners of the feature map do not fall on"
          + " the corners of the crop. Use %s."),
  OUTPUT_STRIDE_ILLEGAL(
      "ATR007",
      Severity.ERROR,
      "output stride %d is not possible with blocks up to block%d: a stride is 2 per block, so the output stride is"
          + " one of %s.%s"),
  WIDTH_RANGE(
      "ATR008",
      Severity.ERROR,
      "a width of %s is not possible: it multiplies the channels and must be greater than 0 and at most 2. 1 is the"
          + " published network."),
  LAST_BLOCK_RANGE(
      "ATR009",
      Severity.ERROR,
      "block%d can't be the last block: a cascade ends with block4 (no copies of it) to block7. Use lastBlock = %d."),
  MULTI_GRID_LENGTH(
      "ATR010",
      Severity.ERROR,
      "the multi-grid has %d rates, but block4 of %s has %d units and needs a rate for each. For example"
          + " 'multiGrid = %s'."),
  MULTI_GRID_RANGE(
      "ATR011",
      Severity.ERROR,
      "a unit rate of %d is not possible: it multiplies the atrous rate of its unit. Use 1 for no change, or up to"
          + " 1024."),
  RATES_EMPTY(
      "ATR012",
      Severity.ERROR,
      "the pyramid has no rates, so it would have no atrous branch. Give at least one, for example 'rates = {6, 12,"
          + " 18}', or remove @ASPP."),
  RATE_RANGE(
      "ATR013",
      Severity.ERROR,
      "an atrous rate of %d is not possible: it is the distance of a filter's taps in pixels of the feature map. Use"
          + " 1 to 1024."),
  RATES_NOT_ASCENDING(
      "ATR014",
      Severity.ERROR,
      "the rates of the pyramid must ascend without repetition, but %d follows %d. The order decides which weights"
          + " belong to which branch; write 'rates = %s'."),
  FILTERS_RANGE(
      "ATR015",
      Severity.ERROR,
      "%d filters are not possible: each branch of the pyramid has 1 to 4096 output channels. The paper uses 256."),
  TRAINING_RANGE("ATR016", Severity.ERROR, "%s = %s is not possible: it must be %s. %s."),
  SINGLE_SAMPLE_STATISTICS(
      "ATR017",
      Severity.WARNING,
      "with a batch of 1, batch normalisation after image pooling sees one value per channel: it outputs its shift"
          + " alone, so the image-level features learn nothing. Use a batchSize of at least 2, or 'imagePooling ="
          + " false'."),
  GENERATED_CLASS_EXISTS("ATR018", Severity.ERROR, "the class %s %s."),
  BATCH_TOO_LARGE(
      "ATR019",
      Severity.ERROR,
      "a batch of %d crops of %d x %d pixels is not possible: its bytes must fit into one Java array, of 2147483647"
          + " at most. Use a smaller crop or a smaller batchSize."),
  DROPOUT_RANGE(
      "ATR020",
      Severity.ERROR,
      "a dropout of %s is not possible: it is the share of values that training sets to zero, at least 0 and less"
          + " than 1. torchvision has 0.5 after the pyramid and 0.1 in the auxiliary head; 0 is none."),
  LOSS_WEIGHT_RANGE(
      "ATR021",
      Severity.ERROR,
      "a loss weight of %s is not possible: it multiplies the loss of the auxiliary head and must be greater than 0"
          + " and at most 1000. torchvision has 0.5. To have no auxiliary loss, remove @AuxiliaryHead."),
  STRIDE_NEEDS_BOTTLENECK(
      "ATR022",
      Severity.ERROR,
      "the stride can't stand in the first 1x1 convolution: the units of %s are two 3x3 convolutions. Use 'stride ="
          + " Conventions.Stride.FIRST_3X3', or a backbone with bottlenecks such as ResNet.RESNET_50."),
  VALID_WEIGHTS(
      "ATR023",
      Severity.WARNING,
      "%s is large for the %d x %d map of the training crop: on average %d%% of a 3x3 filter's weights meet the map,"
          + " the others padding (all 9 at %d%% of the positions, 4 at %d%%, the centre alone at %d%%). %s"),
  MEMORY_BUDGET(
      "ATR024",
      Severity.ERROR,
      "a training step keeps %,d MiB, but memoryBudget is %,d: %,d for parameters, %,d for momenta and %,d for"
          + " activations of %d crops (the largest: %s). %s The budget is for float32; in bfloat16 it keeps %,d"
          + " MiB."),
  MULTI_GRID_WITHOUT_EFFECT("ATR025", Severity.WARNING, "the multi-grid has no effect: %s"),
  CLASS_NAMES_COUNT(
      "ATR026",
      Severity.ERROR,
      "there are %d names for %d classes. Give one for each class, class 0 first, or leave classNames out.%s"),
  CLASS_NAME_UNUSABLE(
      "ATR027",
      Severity.ERROR,
      "%s. Results are shown by name, so each class needs one of its own."),
  BACKGROUND_NOT_NAMED(
      "ATR028",
      Severity.WARNING,
      "no class is the background (named background, void, unlabeled, other or none). In masks like those of PASCAL"
          + " VOC it is label 0, and a class: put 'background' first and count it in 'classes'. If the data set gives"
          + " every pixel one of these classes, '@SuppressWarnings(\"ATR028\")' says so."),
  BACKGROUND_NOT_COUNTED(
      "ATR029",
      Severity.WARNING,
      "%d classes are those of %s without the background, which is label 0 there, and a class: use 'classes = %d'."
          + " If label 0 is something else in your data set, name the classes with 'classNames'."),
  UNKNOWN_CONSTANT("ATR030", Severity.ERROR, "%s has no constant %s.%s It has %s."),
  UNKNOWN_MEMBER("ATR031", Severity.ERROR, "@%s has no value '%s'.%s It has %s."),
  AVERAGES_TOO_SLOW(
      "ATR032",
      Severity.WARNING,
      "with batchNormDecay = %s, %d%% of the moving averages of batch normalisation is still what they start with"
          + " after %d steps: a model trained from random weights predicts with wrong statistics. Use 'batchNormDecay"
          + " = %s', or at least %d steps."),
  IMAGE_FEATURES_ABSENT(
      "ATR033",
      Severity.WARNING,
      "imageFeatures says where the image-level features stand, but the model has none. Use '@ASPP(imagePooling ="
          + " true)', or remove this value."),
  SUPPRESSES_NOTHING(
      "ATR034",
      Severity.WARNING,
      "@SuppressWarnings(\"%s\") has no effect: %s. Remove it, or correct the number."),
  IMAGE_POOLING_IMPOSSIBLE(
      "ATR035",
      Severity.ERROR,
      "DeepLabv2's pyramid can't have image-level features: it adds the class scores of its atrous branches and has"
          + " nothing else. Remove 'imagePooling = true', or 'form = ASPP.Form.DEEPLAB_V2'."),
  HEAD_AFTER_SCORES(
      "ATR036",
      Severity.ERROR,
      "there is no place for a 3x3 convolution before the class scores: every branch of DeepLabv2's pyramid ends with"
          + " its own. Use 'head = Conventions.Head.SCORES', or remove 'form = ASPP.Form.DEEPLAB_V2'."),
  DECAY_OF_FROZEN_AVERAGES(
      "ATR037",
      Severity.WARNING,
      "a batchNormDecay of %s has no effect: frozen batch normalisation keeps its moving averages as they are. Remove"
          + " it, or 'batchNorm = Training.BatchNorm.FROZEN'."),
  CLASSES_MISSING(
      "ATR038",
      Severity.ERROR,
      "nothing says how many classes there are%s. Say it on the spec, for example '@SegmentationModel(classes = 21)'."),
  PARENTS_DISAGREE(
      "ATR039",
      Severity.ERROR,
      "%s inherits different values of @%s(%s): %s. Write the one that is meant on the spec, for example '@%s(%s ="
          + " %s)'."),
  NOTHING_OF_ITS_OWN(
      "ATR040",
      Severity.ERROR,
      "%s extends the model spec %s, but has no annotation of its own, so nothing is generated for it. If it is meant"
          + " to be a model, add '@SegmentationModel' to it: without values, it inherits all of them."),
  TRAINING_WITHOUT_EFFECT("ATR041", Severity.WARNING, "%s = %s has no effect: %s. Remove it."),
  UNKNOWN_PART("ATR042", Severity.ERROR, "the network has no part '%s'.%s It has %s."),
  PART_TWICE(
      "ATR043", Severity.ERROR, "the part '%s' is named twice. Say once how it is to be trained."),
  NOTHING_TRAINED(
      "ATR044",
      Severity.ERROR,
      "all parts of the network are frozen, so there would be nothing to train. Leave at least one out, for example"
          + " the last."),
  PART_RATE_RANGE(
      "ATR045",
      Severity.ERROR,
      "a learning rate of %s times that of the rest is not possible for the part '%s': it must be greater than 0 and"
          + " at most 1000. %s"),
  RATE_OF_ANOTHER_OPTIMIZER(
      "ATR046",
      Severity.WARNING,
      "a learning rate of %s is made for gradient descent. AdamW moves each weight by about the rate at each step,"
          + " however small its gradient is, and wants less. Write one, for example 'learningRate = 5e-4'."),
  LOSS_RANGE("ATR047", Severity.ERROR, "%s = %s is not possible in @Loss: it must be %s."),
  LOSS_EMPTY(
      "ATR048",
      Severity.ERROR,
      "nothing is left to minimise: the factors of all losses are 0. Give one of them another, for example"
          + " '@Loss(crossEntropy = 1)'."),
  CLASS_WEIGHTS_COUNT(
      "ATR049",
      Severity.ERROR,
      "there are %d class weights, but %d classes, and each needs one, class 0 (the background) first. For example"
          + " 'classWeights = %s'."),
  CLASS_WEIGHT_RANGE(
      "ATR050",
      Severity.ERROR,
      "a weight of %s for class %d is not possible: it must be at least 0 and at most 1000000. Only the ratios of the"
          + " weights matter."),
  CLASS_WEIGHTS_ZERO(
      "ATR051",
      Severity.ERROR,
      "all class weights are 0, so nothing would be learnt. Give at least one class a weight, or remove"
          + " 'classWeights'."),
  LOSS_WITHOUT_EFFECT("ATR052", Severity.WARNING, "%s no effect: %s."),
  BANDS_RANGE(
      "ATR053",
      Severity.ERROR,
      "images of %d bands are not possible: there are 1 to 16. 3, the default, are red, green and blue."),
  BAND_VALUES_COUNT(
      "ATR054",
      Severity.ERROR,
      "%s has %d values for images of %d bands. Give bandMean and bandDeviation a value for each band, over the"
          + " training images and in their values (0 to %d). Or leave both out: then training measures them, and for"
          + " three bands of 8 bits the conventions decide."),
  BAND_VALUE_RANGE(
      "ATR055",
      Severity.ERROR,
      "%s = %s of band %d is not possible: it must be %s. It is that of the band's values over the training"
          + " images."),
  COLORS_OF_BANDS(
      "ATR056",
      Severity.ERROR,
      "%s = %s needs colours, but images have %s of %d bits: it is defined for red, green and blue in bytes."
          + " Remove it, or use 'bands = 3' and 'bits = 8'."),
  PHASE_OUTPUT_STRIDE(
      "ATR057",
      Severity.ERROR,
      "phase %d can't train at output stride %d: for the blocks of the network and the rates of its pyramid it must be"
          + " %s."),
  SINGLE_PHASE(
      "ATR058",
      Severity.ERROR,
      "a single phase is no sequence. Write its values in @Training itself (outputStride in @Backbone, crop in"
          + " @SegmentationModel), or add the phases that follow it."),
  PHASE_SPLIT(
      "ATR059",
      Severity.ERROR,
      "the split of phase %d is empty. Name one of the data set, for example \"trainval\", or leave it out for"
          + " \"train\"."),
  PHASE_LIKE_THE_ONE_BEFORE(
      "ATR060",
      Severity.WARNING,
      "phase %d is the same as the one before it. Remove it and give that more steps, or say what is to differ."),
  BAND_BITS(
      "ATR061",
      Severity.ERROR,
      "values of %d bits are not possible: images have 8, the default, or 16 (bits = 16), where a file of 10 to 14"
          + " significant bits has 16.");

  private final String code;
  private final Severity severity;
  private final String format;

  DiagnosticId(String code, Severity severity, String format) {
    this.code = code;
    this.severity = severity;
    this.format = format;
  }

  /** The stable code, for example {@code ATR007}. */
  public String code() {
    return code;
  }

  /** The one with a code. */
  public static Optional<DiagnosticId> ofCode(String code) {
    return Stream.of(values()).filter(id -> id.code.equals(code)).findFirst();
  }

  /** Whether it stops the compilation. */
  public Severity severity() {
    return severity;
  }

  String format() {
    return format;
  }
}
