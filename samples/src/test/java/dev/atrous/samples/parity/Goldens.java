package dev.atrous.samples.parity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A golden file: a key and values in each line, between spaces.
 *
 * @param lines the values by the key
 */
record Goldens(Map<String, List<String>> lines) {

  static Goldens read(String file) {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    try (InputStream bytes =
            Objects.requireNonNull(Goldens.class.getResourceAsStream("/parity/" + file), file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      reader
          .lines()
          .map(line -> Arrays.asList(line.split(" ", -1)))
          .forEach(line -> lines.put(line.get(0), line.subList(1, line.size())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Goldens(lines);
  }

  Set<String> keys() {
    return lines.keySet();
  }

  List<String> texts(String key) {
    return Objects.requireNonNull(lines.get(key), key);
  }

  double[] numbers(String key) {
    return texts(key).stream().mapToDouble(Double::parseDouble).toArray();
  }

  double number(String key) {
    return numbers(key)[0];
  }
}
