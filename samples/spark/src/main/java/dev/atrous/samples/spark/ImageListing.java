package dev.atrous.samples.spark;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.ImageFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The image files of a folder, of any file system that Hadoop knows. Spark's own {@code binaryFile}
 * passes over empty files and those whose names begin with an underscore, without a word.
 */
final class ImageListing {
  private ImageListing() {}

  /**
   * The files in a folder and in those below it that {@code predict} takes for images too; none
   * that is hidden.
   *
   * @throws AtrousException if the folder can't be listed or has no image
   */
  static List<String> of(String folder, Configuration hadoop) {
    List<String> images = new ArrayList<>();
    try {
      Path path = new Path(folder);
      FileSystem files = path.getFileSystem(hadoop);
      Path root = files.makeQualified(path);
      RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true);
      while (all.hasNext()) {
        Path file = all.next().getPath();
        if (ImageFolder.hasImageName(file.getName()) && !isInHidden(file, root)) {
          images.add(file.toString());
        }
      }
    } catch (FileNotFoundException e) {
      throw new AtrousException("Folder " + folder + " doesn't exist. Check the path.", e);
    } catch (IOException | IllegalArgumentException e) { // the latter for what is no path
      throw new AtrousException("Folder " + folder + " can't be listed: " + e.getMessage(), e);
    }
    if (images.isEmpty()) {
      throw new AtrousException(
          "Folder %s has no image, nor have folders below: no file ends in .jpg, .png or the like."
              .formatted(folder));
    }
    return images;
  }

  private static boolean isInHidden(Path file, Path root) {
    Path folder = file.getParent();
    while (folder != null && !folder.equals(root)) {
      if (folder.getName().startsWith(".")) {
        return true;
      }
      folder = folder.getParent();
    }
    return false;
  }
}
