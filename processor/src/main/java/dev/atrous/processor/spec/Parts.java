package dev.atrous.processor.spec;

import java.util.ArrayList;
import java.util.List;

/** The parts of a network that can be trained each in its own way. */
public final class Parts {
  /** Stem and all blocks. */
  public static final String BACKBONE = "backbone";

  private static final String STEM = "stem";
  private static final String BLOCK = "block";

  private Parts() {}

  /** Whether a part is one of the backbone's. */
  static boolean isOfBackbone(String part) {
    return part.equals(STEM) || part.startsWith(BLOCK);
  }

  /** The names of the parts with parameters, in the order of the network, the backbone first. */
  static List<String> of(ModelSpec spec) {
    List<String> names = new ArrayList<>(List.of(BACKBONE, STEM));
    for (int block = 1; block <= spec.cascade().lastBlock(); block++) {
      names.add(BLOCK + block);
    }
    spec.aspp().ifPresent(pyramid -> names.add("aspp"));
    if (spec.aspp().stream().noneMatch(ModelSpec.Pyramid::endsWithScores)) {
      names.add("head");
    }
    spec.auxiliary().ifPresent(auxiliary -> names.add("auxiliary"));
    return names;
  }
}
