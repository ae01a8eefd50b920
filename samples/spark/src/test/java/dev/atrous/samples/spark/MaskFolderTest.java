package dev.atrous.samples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskFolderTest {
  private static final MaskFolder ALL = MaskFolder.of("/masks", "", new Configuration());

  @ParameterizedTest
  @CsvSource({
    "/a/b.jpg, a/b.png",
    "file:/a/b.jpg, a/b.png",
    "file:///a/b.jpg, a/b.png",
    "hdfs://node:9000/a b/c.d.jpeg, a b/c.d.png",
    "s3a://bucket/./a//b, a/b.png",
    "patient 7, patient 7.png",
    "camera:1/x.png, camera:1/x.png",
    "v1.0/image, v1.0/image.png",
    "/a/.b, a/.b.png",
  })
  void aMaskIsNamedAfterThePath(String image, String name) {
    assertThat(ALL.name(image)).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "/data/photos/a/b.jpg, a/b.png",
    "file:///data/photos/c.jpg, c.png",
    "/data/photos2/c.jpg, data/photos2/c.png",
  })
  void orAfterItsPlaceInTheFolderOfImages(String image, String name) {
    MaskFolder masks = MaskFolder.of("/masks", "file:/data/photos/", new Configuration());

    assertThat(masks.name(image)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.png", "/a/../../etc/b.png", "hdfs://node/.."})
  void noMaskLeavesTheFolder(String image) {
    assertThatThrownBy(() -> ALL.name(image))
        .isInstanceOf(AtrousException.class)
        .hasMessageMatching("Image " + Pattern.quote(image) + " has \\.\\. in its path.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "file:///", "./."})
  void noNameNoMask(String image) {
    assertThatThrownBy(() -> ALL.name(image))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("has no name");
  }

  @ParameterizedTest
  @CsvSource({
    "/masks/a.png, true",
    "file:/masks/a/b.png, true",
    "file:///masks/a.png, true",
    "/masks2/a.png, false",
    "/a/masks/a.png, false",
    "s3a://bucket/masks/a.png, false",
    "a:b, false",
    "a.png, false",
  })
  void knowsImagesThatLieInIt(String image, boolean inside) {
    assertThat(ALL.contains(image)).isEqualTo(inside);
  }

  @Test
  void aFolderOfNoFileSystemIsAMistake() {
    assertThatThrownBy(() -> MaskFolder.of("nowhere://a/b", "", new Configuration()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("nowhere");
  }
}
