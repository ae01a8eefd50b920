package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Where the masks go.
 *
 * @param folder whole, with its scheme
 * @param images the folder that masks keep their images' places of, without scheme; empty for the
 *     root of the file system
 */
record MaskFolder(String folder, String images) implements Serializable {
  /** What a file system's name is in front of a path. */
  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:(//[^/]*)?(?=/)");

  /**
   * @param folder of the masks: a path that Hadoop can write to, on the default file system if it
   *     has no scheme
   * @param images a path as rows have it, or empty
   * @throws AtrousException if there is no file system for it
   */
  static MaskFolder of(String folder, String images, Configuration hadoop) {
    try {
      String root = images.isEmpty() ? "" : withoutScheme(whole(images, hadoop));
      return new MaskFolder(whole(folder, hadoop), root);
    } catch (IOException | IllegalArgumentException e) {
      throw new AtrousException("Masks can't be written to " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String whole(String folder, Configuration hadoop) throws IOException {
    var path = new org.apache.hadoop.fs.Path(folder);
    return path.getFileSystem(hadoop).makeQualified(path).toString();
  }

  static boolean isLocal(FileSystem files) {
    return files.getUri().getScheme().equals("file");
  }

  private static String withoutScheme(String path) {
    return SCHEME.matcher(path).replaceFirst("");
  }

  /**
   * The name of an image's mask, relative to the folder.
   *
   * @throws AtrousException if it would not be in the folder
   */
  String name(String image) {
    String path = withoutScheme(image);
    if (path.startsWith(images + "/")) {
      path = path.substring(images.length());
    }
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw new AtrousException(
            "Image " + image + " has .. in its path, which could lead out of the folder of masks.");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String joined = String.join("/", parts);
    if (joined.isEmpty()) {
      throw new AtrousException("Image '" + image + "' has no name that its mask could have.");
    }
    int dot = joined.lastIndexOf('.');
    return (dot > joined.lastIndexOf('/') + 1 ? joined.substring(0, dot) : joined) + ".png";
  }

  /** Whether an image lies in the folder, where masks could be written over images. */
  boolean contains(String image) {
    try {
      URI masks = new org.apache.hadoop.fs.Path(folder).toUri();
      URI path = new org.apache.hadoop.fs.Path(image).toUri();
      boolean elsewhere =
          path.getScheme() != null
              && !(path.getScheme().equals(masks.getScheme())
                  && Objects.equals(path.getAuthority(), masks.getAuthority()));
      return !elsewhere && path.getPath().startsWith(masks.getPath() + "/");
    } catch (IllegalArgumentException e) { // a name, and no path
      return false;
    }
  }

  /**
   * Begins a mask.
   *
   * @param name as {@link #name} gives it
   */
  Target target(String name, Configuration hadoop) {
    String place = folder + "/" + name;
    try {
      var path = new org.apache.hadoop.fs.Path(place);
      FileSystem files = path.getFileSystem(hadoop);
      Path file =
          isLocal(files)
              ? Path.of(path.toUri().getPath())
              : Files.createTempDirectory("atrous").resolve("mask.png");
      return new Target(files, path, file);
    } catch (IOException | IllegalArgumentException e) {
      throw WriteFailure.of("Image " + place, e);
    }
  }

  /**
   * Where a mask is written to, and where it goes then.
   *
   * @param file on this machine
   */
  record Target(FileSystem files, org.apache.hadoop.fs.Path path, Path file)
      implements AutoCloseable {
    /** The mask's place for the table. */
    String place() {
      return path.toString();
    }

    /**
     * Puts the written file in its place, complete or not at all.
     *
     * @throws AtrousException if it can't be written
     */
    void finish() {
      if (isLocal(files)) {
        return;
      }
      var part = new org.apache.hadoop.fs.Path(path.getParent(), "." + UUID.randomUUID() + ".part");
      try {
        files.copyFromLocalFile(false, true, new org.apache.hadoop.fs.Path(file.toUri()), part);
        if (!files.rename(part, path)) { // there is one of an earlier try, the same
          files.delete(path, false);
          if (!files.rename(part, path)) {
            throw new IOException(part + " can't be renamed");
          }
        }
      } catch (IOException e) {
        throw WriteFailure.of("Image " + path, e);
      }
    }

    @Override
    public void close() {
      if (!isLocal(files)) {
        file.toFile().delete();
        file.resolveSibling("").toFile().delete();
      }
    }
  }
}
