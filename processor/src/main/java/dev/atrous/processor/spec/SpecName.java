package dev.atrous.processor.spec;

import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * What a spec is called.
 *
 * @param packageName empty for the unnamed package
 * @param simpleNames the spec's simple name, after those of the types around it joined with dots:
 *     {@code Specs.Small}
 * @param isPublic whether code of other packages can see the spec
 */
public record SpecName(String packageName, String simpleNames, boolean isPublic) {

  /** How a type is called, whether or not it is a good spec. */
  public static SpecName of(Elements elements, TypeElement type) {
    StringBuilder names = new StringBuilder(type.getSimpleName());
    boolean isPublic = type.getModifiers().contains(Modifier.PUBLIC);
    Element around = type.getEnclosingElement();
    while (around instanceof TypeElement) {
      names.insert(0, around.getSimpleName() + ".");
      isPublic &= around.getModifiers().contains(Modifier.PUBLIC);
      around = around.getEnclosingElement();
    }
    String packageName = elements.getPackageOf(type).getQualifiedName().toString();
    return new SpecName(packageName, names.toString(), isPublic);
  }

  /** With the package. */
  public String qualified() {
    return packageName.isEmpty() ? simpleNames : packageName + "." + simpleNames;
  }

  /** Simple name of the spec alone. */
  public String simpleName() {
    return simpleNames.substring(simpleNames.lastIndexOf('.') + 1);
  }

  /**
   * Name of a class generated for the spec: {@code Specs_SmallModel} for {@code Specs.Small} and
   * {@code Model}.
   */
  public String generated(String suffix) {
    return simpleNames.replace('.', '_') + suffix;
  }
}
