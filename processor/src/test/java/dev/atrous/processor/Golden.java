package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected texts, in files that reviewers see change. After an intended change, {@code mvn -pl
 * runtime,processor test -Datrous.golden.update=true} writes them anew.
 */
public final class Golden {
  private static final Path DIRECTORY = Path.of("src", "test", "resources", "golden");
  private static final String UPDATE = "atrous.golden.update";

  private Golden() {}

  /** Compares a text with a golden file. */
  public static void check(String file, String actual) throws IOException {
    Path path = DIRECTORY.resolve(file);
    if (Boolean.getBoolean(UPDATE)) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, actual);
    } else if (!Files.exists(path)) {
      fail("there is no golden file %s; -D%s=true writes it:%n%s", path, UPDATE, actual);
    } else {
      assertThat(actual)
          .as("%s is out of date; if the change is intended, -D%s=true rewrites it", path, UPDATE)
          .isEqualTo(Files.readString(path));
    }
  }
}
