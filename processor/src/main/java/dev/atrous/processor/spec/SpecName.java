package dev.atrous.processor.spec;

/**
 * What a spec is called.
 *
 * @param packageName empty for the unnamed package
 * @param simpleNames the spec's simple name, after those of the types around it joined with dots:
 *     {@code Specs.Small}
 * @param isPublic whether code of other packages can see the spec
 */
public record SpecName(String packageName, String simpleNames, boolean isPublic) {

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
