package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Stream;

/** Mistakes in the classes, crops and images of a model. */
final class ModelExamples {
  private ModelExamples() {}

  static List<Example> all() {
    return Stream.of(models(), names(), bands()).flatMap(List::stream).toList();
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
}
