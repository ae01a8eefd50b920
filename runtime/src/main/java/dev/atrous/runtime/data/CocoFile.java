package dev.atrous.runtime.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * COCO's JSON of instances or of stuff. It is read once, as a stream, and what is kept is where
 * each annotation stands in it: 24 bytes for one. Their regions are read when an image is.
 */
final class CocoFile {
  /** An image that the file describes. */
  record Image(String name, ImageFiles.Size size, List<Region> regions) {
    /**
     * Pixels that are annotated with some categories, those in several regions counted for each.
     */
    double area(IntPredicate categories) {
      return regions.stream()
          .filter(region -> categories.test(region.category()))
          .mapToDouble(Region::area)
          .sum();
    }
  }

  /**
   * An annotation.
   *
   * @param area in pixels, as the file says
   * @param from where its JSON begins in the file
   * @param length in bytes
   */
  record Region(int category, float area, long from, int length) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final SortedMap<Integer, String> categories = new TreeMap<>();
  private final Map<Long, Image> images = new TreeMap<>();
  private final Map<Long, List<Region>> waiting = new HashMap<>(); // of images that come later

  private CocoFile(Path path) {
    this.path = path;
  }

  /**
   * Reads what is in the file.
   *
   * @throws AtrousException if it can't be read, or is no such JSON
   */
  static CocoFile read(Path path) {
    CocoFile file = new CocoFile(path);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        JsonParser json = new JsonFactory().createParser(in)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw file.problem("it is no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "images" -> file.all(json, file::image);
          case "annotations" -> file.all(json, file::annotation);
          case "categories" -> file.all(json, file::category);
          default -> json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw file.problem(e.getOriginalMessage() + " at byte " + e.getLocation().getByteOffset(), e);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException("The annotations " + path + " can't be read: " + e + ".", e);
    }
    if (file.images.isEmpty() || file.categories.isEmpty()) {
      throw file.problem("it lists no images or no categories");
    }
    if (!file.waiting.isEmpty()) {
      throw file.problem(
          "%d annotations are of images that it does not list (%d, ...)"
              .formatted(file.waiting.size(), file.waiting.keySet().iterator().next()));
    }
    return file;
  }

  private AtrousException problem(String what) {
    return new AtrousException(message(what));
  }

  private AtrousException problem(String what, Exception cause) {
    return new AtrousException(message(what), cause);
  }

  private String message(String what) {
    return "The annotations %s can't be used: %s. They need to be JSON as COCO has it, with images, annotations and categories."
        .formatted(path, what);
  }

  @FunctionalInterface
  private interface Reading {
    void from(JsonParser json) throws IOException;
  }

  private void all(JsonParser json, Reading one) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw problem(json.currentName() + " is no list");
    }
    while (json.nextToken() == JsonToken.START_OBJECT) {
      one.from(json);
    }
  }

  private void image(JsonParser json) throws IOException {
    JsonNode node = MAPPER.readTree(json);
    long id = number(node, "id").longValue();
    ImageFiles.Size size =
        new ImageFiles.Size(number(node, "width").intValue(), number(node, "height").intValue());
    List<Region> known = waiting.remove(id);
    Image image =
        new Image(node.path("file_name").asText(), size, known == null ? new ArrayList<>() : known);
    if (images.put(id, image) != null) {
      throw problem("two images have the id " + id);
    }
  }

  private void category(JsonParser json) throws IOException {
    JsonNode node = MAPPER.readTree(json);
    categories.put(number(node, "id").intValue(), node.path("name").asText());
  }

  /** Reads the numbers of an annotation, and not its region. */
  private void annotation(JsonParser json) throws IOException {
    long from = json.currentTokenLocation().getByteOffset();
    long image = -1;
    int category = -1;
    float area = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "image_id" -> image = json.getLongValue();
        case "category_id" -> category = json.getIntValue();
        case "area" -> area = json.getFloatValue();
        default -> json.skipChildren();
      }
    }
    if (image < 0 || category < 0) {
      throw problem("the annotation at byte " + from + " lacks image_id or category_id");
    }
    int length = Math.toIntExact(json.currentLocation().getByteOffset() - from);
    Image known = images.get(image);
    List<Region> regions =
        known != null
            ? known.regions()
            : waiting.computeIfAbsent(image, unused -> new ArrayList<>());
    regions.add(new Region(category, area, from, length));
  }

  private JsonNode number(JsonNode node, String name) {
    JsonNode value = node.path(name);
    if (!value.isNumber()) {
      throw problem("an entry has no number '" + name + "': " + node);
    }
    return value;
  }

  Path path() {
    return path;
  }

  /** Names by id. */
  SortedMap<Integer, String> categories() {
    return categories;
  }

  /** Whether an annotation has a category. */
  boolean isUsed(int category) {
    return images.values().stream()
        .flatMap(image -> image.regions().stream())
        .anyMatch(region -> region.category() == category);
  }

  /** In the order of their ids. */
  List<Image> images() {
    return List.copyOf(images.values());
  }

  /**
   * The region of an annotation, as the file has it: polygons, or run lengths.
   *
   * @throws UnusableFile if it can't be read
   */
  JsonNode segmentation(Region region) {
    ByteBuffer bytes = ByteBuffer.allocate(region.length());
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      channel.position(region.from());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // until it is full
      }
      return MAPPER.readTree(bytes.array()).path("segmentation");
    } catch (IOException e) {
      Interruption.check();
      throw new UnusableFile(
          "Annotations %s can't be read at byte %d: %s".formatted(path, region.from(), e),
          "Start again, if the file was changed.",
          e);
    }
  }
}
