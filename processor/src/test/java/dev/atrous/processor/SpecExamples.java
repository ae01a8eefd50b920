package dev.atrous.processor;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;

/** Mistakes in which types and annotations make a spec, and in what it inherits. */
final class SpecExamples {
  private SpecExamples() {}

  static List<Example> all() {
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
}
