package dev.atrous.samples.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The folders of this machine as a file system that isn't local to Hadoop, with {@code remote:} in
 * front of paths. As with HDFS, a file is not renamed over another.
 */
public final class RemoteFolders extends RawLocalFileSystem {
  @Override
  public String getScheme() {
    return "remote";
  }

  @Override
  public URI getUri() {
    return URI.create("remote:///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !exists(to) && super.rename(from, to);
  }
}
