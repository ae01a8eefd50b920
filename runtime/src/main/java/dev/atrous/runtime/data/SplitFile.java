package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.FileNames;
import dev.atrous.runtime.Interruption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The list of a split: an image on each line. A line is the ID of an image (its name in {@code
 * JPEGImages}, with or without suffix), or the paths of an image and its mask, relative to the data
 * set, with white space, a comma or a semicolon between. Empty lines and those that begin with
 * {@code #} say nothing. The text is UTF-8, or UTF-16 with a byte order mark.
 */
final class SplitFile {
  private static final String SEPARATORS = "[\\s,;]+";

  private final Path root;
  private final Path list;
  private final ImageFolder images;
  private final Masks masks;

  /** Where masks are. */
  interface Masks {
    /**
     * The mask of an image, which need not exist.
     *
     * @param id that the list has
     * @param image need not exist
     */
    Path of(String id, Path image);

    /** What paths of masks may be relative to. */
    Path folder();
  }

  private SplitFile(Path root, Path list, Path images, Masks masks) {
    this.root = root;
    this.list = list;
    this.images = new ImageFolder(images, ".jpg", ".jpeg", ".png");
    this.masks = masks;
  }

  /**
   * The samples of a list, in its order. Files that do not exist have the name that they would have
   * in PASCAL VOC.
   *
   * @throws AtrousException if the list can't be read or a line is something else; the message
   *     names file and line
   */
  static List<Sample> read(Path root, Path list, Path images, Masks masks) {
    return new SplitFile(root, list, images, masks).samples();
  }

  private List<Sample> samples() {
    String[] lines = text().split("\\R", -1);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].replace("\uFEFF", "").strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        samples.add(sample(i + 1, line));
      }
    }
    if (samples.isEmpty()) {
      throw new AtrousException(
          "Split file " + list + " is empty. Write the ID of one image on each line.");
    }
    return samples;
  }

  private String text() {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(list);
    } catch (IOException e) {
      Interruption.check();
      throw new AtrousException("Split file " + list + " can't be read: " + e + ".", e);
    }
    Charset charset = StandardCharsets.UTF_8;
    if (bytes.length >= 2 && bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff) {
      charset = StandardCharsets.UTF_16BE;
    } else if (bytes.length >= 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe) {
      charset = StandardCharsets.UTF_16LE;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult end = charset.newDecoder().decode(in, out, true);
    String text = out.flip().toString();
    if (end.isError()) {
      throw problem(
          lineOf(text),
          "is not text in "
              + charset
              + ", but perhaps in Latin-1. Save the list as UTF-8 (iconv -f latin1 -t utf-8).");
    }
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw problem(
          lineOf(text.substring(0, nul)),
          "has NUL characters: the file is damaged, or text in UTF-16. Save the list as UTF-8.");
    }
    return text;
  }

  /** The number of the line that follows a text, or that it ends in. */
  private static int lineOf(String before) {
    return before.split("\\R", -1).length;
  }

  private AtrousException problem(int line, String what) {
    return new AtrousException("Split file " + list + ", line " + line + " " + what);
  }

  private Sample sample(int number, String line) {
    try {
      Optional<Path> image = images.find(line);
      String id = line;
      if (ImageFolder.suffix(line).isPresent() && (image.isEmpty() || isNamed(image.get(), line))) {
        id = ImageFolder.withoutSuffix(line);
        image = image.or(() -> images.find(ImageFolder.withoutSuffix(line)));
      }
      if (image.isPresent()) {
        return sample(id, image.get());
      }
      String[] words = line.split(SEPARATORS, -1);
      if (words.length == 2
          && ImageFolder.suffix(words[0]).isPresent()
          && ImageFolder.suffix(words[1]).isPresent()) {
        Path path = path(words[0], images.path());
        String name = ImageFolder.withoutSuffix(String.valueOf(path.getFileName()));
        return new Sample(name, path, new MaskFile(path(words[1], masks.folder())));
      }
      if (words.length > 1 && images.find(words[0]).isPresent()) {
        throw problem(
            number,
            ("is '%s': an ID and more. Lists of a class, as PASCAL VOC has them, name all images and"
                    + " say in a second column which have the class. Keep the IDs that you want"
                    + " (awk '$2 == 1 {print $1}'), one on each line.")
                .formatted(line));
      }
      Path missing = FileNames.resolve(images.path(), id.equals(line) ? line + ".jpg" : line);
      return sample(id, missing);
    } catch (AtrousException e) {
      if (e.getCause() == null) {
        throw e;
      }
      throw problem(number, "names no image: " + e.getMessage());
    }
  }

  private static boolean isNamed(Path image, String line) {
    return image.endsWith(Path.of(line));
  }

  private Sample sample(String id, Path image) {
    return new Sample(id, image, new MaskFile(masks.of(id, image)));
  }

  /**
   * That of a word of a pair: relative to the data set or to the folder of its kind, or absolute.
   */
  private Path path(String word, Path folder) {
    Path inRoot = FileNames.resolve(root, word.replaceFirst("^/+", ""));
    for (Path path : List.of(inRoot, FileNames.resolve(folder, word))) {
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    return inRoot;
  }
}
