package dev.atrous.processor.spec;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;

/** The names of the annotations that make a spec. */
public final class Annotations {
  /** The package that declares them. */
  public static final String PACKAGE = "dev.atrous.annotation";

  /** The one that makes a type a spec. */
  public static final String SEGMENTATION_MODEL = "SegmentationModel";

  /** The blocks after and inside of block4. */
  public static final String ATROUS_CASCADE = "AtrousCascade";

  /** The pyramid. */
  public static final String ASPP = "ASPP";

  /** The recipe. */
  public static final String TRAINING = "Training";

  static final String BACKBONE = "Backbone";
  static final String AUXILIARY_HEAD = "AuxiliaryHead";
  static final String CONVENTIONS = "Conventions";
  static final String LOSS = "Loss";

  /** The constant that stands for a value that is not written. */
  public static final String INHERITED = "INHERITED";

  /** All of them. */
  public static final List<String> ALL =
      List.of(
          SEGMENTATION_MODEL,
          BACKBONE,
          ATROUS_CASCADE,
          ASPP,
          AUXILIARY_HEAD,
          CONVENTIONS,
          LOSS,
          TRAINING);

  /** Those of parts that a model may have or not. */
  static final List<String> OF_PARTS = List.of(ASPP, AUXILIARY_HEAD);

  private Annotations() {}

  /** Canonical name of one of them. */
  public static String qualified(String simpleName) {
    return PACKAGE + "." + simpleName;
  }

  /** The name of an annotation, or of a type in it, without the package; empty for other types. */
  public static Optional<String> simpleName(TypeElement type) {
    String name = type.getQualifiedName().toString();
    return name.startsWith(PACKAGE + ".")
        ? Optional.of(name.substring(PACKAGE.length() + 1))
        : Optional.empty();
  }
}
