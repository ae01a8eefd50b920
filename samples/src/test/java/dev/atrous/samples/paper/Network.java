package dev.atrous.samples.paper;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network of the tables as the paper describes it, and what follows from that by arithmetic
 * alone: nothing here asks the compiler.
 *
 * @param name of the spec
 * @param depth 50 or 101
 * @param grid the multi-grid, for example {@code 1,2,4}
 * @param pyramid the rates of the pyramid; empty if there is none
 * @param parameters trainable ones, added up layer by layer outside of this project
 * @param multiplyAdds of one crop, likewise
 */
record Network(
    String name,
    int depth,
    int outputStride,
    int lastBlock,
    String grid,
    List<Integer> pyramid,
    boolean imagePooling,
    long parameters,
    long multiplyAdds) {
  private static final int CLASSES = 21;
  private static final int FILTERS = 256;

  /** The side of the stem's map and of the maps behind block1 to block7, for a crop of 513. */
  private static final String SIDES =
      """
      8    129 65 65 65 65 65 65 65
      16   129 65 33 33 33 33 33 33
      32   129 65 33 17 17 17 17 17
      64   129 65 33 17  9  9  9  9
      128  129 65 33 17  9  5  5  5
      256  129 65 33 17  9  5  3  3
      """;

  /** Rates of the 3x3 convolutions: of block3, and of the three units of block4 to block7. */
  private static final String RATES =
      """
      8 1,1,1    2  4 4 4   8 8 8    16 16 16  32 32 32
      8 1,2,4    2  4 8 16  8 16 32  16 32 64  32 64 128
      16 1,1,1   1  2 2 2   4 4 4     8 8 8    16 16 16
      16 1,2,1   1  2 4 2   4 8 4     8 16 8   16 32 16
      16 1,2,3   1  2 4 6   4 8 12    8 16 24  16 32 48
      16 1,2,4   1  2 4 8   4 8 16    8 16 32  16 32 64
      16 2,2,2   1  4 4 4   8 8 8    16 16 16  32 32 32
      32 1,1,1   1  1 1 1   2 2 2     4 4 4     8 8 8
      64 1,1,1   1  1 1 1   1 1 1     2 2 2     4 4 4
      128 1,1,1  1  1 1 1   1 1 1     1 1 1     2 2 2
      256 1,1,1  1  1 1 1   1 1 1     1 1 1     1 1 1
      """;

  /** All networks of Tables 1 to 6: name, depth, output stride, last block, multi-grid, pyramid. */
  private static final String ALL =
      """
      ResNet50Block7Stride8             50    8  7  1,1,1  -                  63714389  271300168896
      ResNet50Block7                    50   16  7  1,1,1  -                  63714389   75663543488
      ResNet50Block7Stride32            50   32  7  1,1,1  -                  63714389   30907370688
      ResNet50Block7Stride64            50   64  7  1,1,1  -                  63714389   21847116992
      ResNet50Block7Stride128           50  128  7  1,1,1  -                  63714389   20156501184
      ResNet50Block7Stride256           50  256  7  1,1,1  -                  63714389   19887377600
      ResNet50Block4                    50   16  4  1,1,1  -                  23551061   31985896640
      ResNet50Block5                    50   16  5  1,1,1  -                  36938837   46545112256
      ResNet50Block6                    50   16  6  1,1,1  -                  50326613   61104327872
      ResNet101Block4                  101   16  4  1,1,1  -                  42543189   52611452096
      ResNet101Block5                  101   16  5  1,1,1  -                  55930965   67170667712
      ResNet101Block6                  101   16  6  1,1,1  -                  69318741   81729883328
      ResNet101Block7                  101   16  7  1,1,1  -                  82706517   96289098944
      ResNet101Block4Grid121           101   16  4  1,2,1  -                  42543189   52611452096
      ResNet101Block5Grid121           101   16  5  1,2,1  -                  55930965   67170667712
      ResNet101Block6Grid121           101   16  6  1,2,1  -                  69318741   81729883328
      ResNet101Block7Grid121           101   16  7  1,2,1  -                  82706517   96289098944
      ResNet101Block4Grid123           101   16  4  1,2,3  -                  42543189   52611452096
      ResNet101Block5Grid123           101   16  5  1,2,3  -                  55930965   67170667712
      ResNet101Block6Grid123           101   16  6  1,2,3  -                  69318741   81729883328
      ResNet101Block7Grid123           101   16  7  1,2,3  -                  82706517   96289098944
      ResNet101Block4Grid124           101   16  4  1,2,4  -                  42543189   52611452096
      ResNet101Block5Grid124           101   16  5  1,2,4  -                  55930965   67170667712
      ResNet101Block6Grid124           101   16  6  1,2,4  -                  69318741   81729883328
      ResNet101Block7Grid124           101   16  7  1,2,4  -                  82706517   96289098944
      ResNet101Block4Grid222           101   16  4  2,2,2  -                  42543189   52611452096
      ResNet101Block5Grid222           101   16  5  2,2,2  -                  55930965   67170667712
      ResNet101Block6Grid222           101   16  6  2,2,2  -                  69318741   81729883328
      ResNet101Block7Grid222           101   16  7  2,2,2  -                  82706517   96289098944
      ResNet101Pyramid                 101   16  4  1,1,1  6,12,18            57450325   68842535360
      ResNet101PyramidGrid121          101   16  4  1,2,1  6,12,18            57450325   68842535360
      ResNet101PyramidGrid124          101   16  4  1,2,4  6,12,18            57450325   68842535360
      ResNet101PyramidGrid124FourRates 101   16  4  1,2,4  6,12,18,24         62234965   74052450752
      DeepLabV3                        101   16  4  1,2,4  6,12,18,pooling    58040661   68914428352
      """;

  /** The second phase of {@code DeepLabV3}. Its batch normalisation is trained here. */
  static final Network PHASE_2 =
      parse("DeepLabV3TwoPhases 101 8 4 1,2,4 12,24,36,pooling 58040661 245114075584");

  static Stream<Network> all() {
    return ALL.lines().map(Network::parse);
  }

  private static Network parse(String line) {
    String[] columns = line.split(" +", -1);
    String pyramid = columns[5];
    return new Network(
        columns[0],
        Integer.parseInt(columns[1]),
        Integer.parseInt(columns[2]),
        Integer.parseInt(columns[3]),
        columns[4],
        Stream.of(pyramid.split(",", -1))
            .filter(rate -> !List.of("-", "pooling").contains(rate))
            .map(Integer::valueOf)
            .toList(),
        pyramid.endsWith("pooling"),
        Long.parseLong(columns[6]),
        Long.parseLong(columns[7]));
  }

  /** Side of the map behind a block; block 0 is the stem. */
  int side(int block) {
    return row(SIDES, outputStride + " ")[block];
  }

  /** Rates of the 3x3 convolutions of a block, unit by unit. */
  List<Integer> rates(int block) {
    int[] row = row(RATES, outputStride + " " + grid + " ");
    return IntStream.range(0, units(block))
        .mapToObj(unit -> block < 3 ? 1 : block == 3 ? row[0] : row[1 + 3 * (block - 4) + unit])
        .toList();
  }

  /** The numbers behind the beginning of a line. */
  private static int[] row(String table, String beginning) {
    String line = table.lines().filter(l -> l.startsWith(beginning)).findFirst().orElseThrow();
    return Arrays.stream(line.substring(beginning.length()).trim().split(" +", -1))
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  int units(int block) {
    return switch (block) {
      case 2 -> 4;
      case 3 -> depth == 50 ? 6 : 23;
      default -> 3;
    };
  }

  /** Channels between the 1x1 convolutions of a unit; four times as many leave it. */
  private static int channels(int block) {
    return List.of(64, 128, 256, 512).get(Math.min(block, 4) - 1);
  }

  private static int inputs(int block) {
    return block == 1 ? 64 : 4 * channels(block - 1);
  }

  /** Weights of all convolutions of the backbone, and two values for each of their channels. */
  long backboneParameters() {
    long sum = normalized(7 * 7 * 3, 64);
    for (int block = 1; block <= lastBlock; block++) {
      int c = channels(block);
      int in = inputs(block);
      sum += in == 4 * c ? 0 : normalized(in, 4 * c);
      sum += normalized(in, c) + (units(block) - 1) * normalized(4 * c, c);
      sum += units(block) * (normalized(9 * c, c) + normalized(c, 4 * c));
    }
    return sum;
  }

  /** Trainable values of a convolution with batch normalisation, with scale and shift. */
  private static long normalized(int inputs, int outputs) {
    return (long) inputs * outputs + 2L * outputs;
  }

  /** Trainable values of the pyramid and the class scores. */
  long headParameters() {
    int features = 4 * channels(lastBlock);
    if (pyramid.isEmpty()) {
      return (features + 1L) * CLASSES;
    }
    int branches = 1 + pyramid.size() + (imagePooling ? 1 : 0);
    return normalized(features, FILTERS) * (imagePooling ? 2 : 1)
        + pyramid.size() * normalized(9 * features, FILTERS)
        + normalized(branches * FILTERS, FILTERS)
        + (FILTERS + 1L) * CLASSES;
  }

  /**
   * Multiplications of the backbone for one crop. A stride stands in the 3x3 convolution of a
   * block's last unit: what comes before sees the larger map.
   */
  long backboneMultiplyAdds() {
    long sum = 257L * 257 * 7 * 7 * 3 * 64;
    for (int block = 1; block <= lastBlock; block++) {
      long before = square(side(block - 1));
      long behind = square(side(block));
      long c = channels(block);
      long in = inputs(block);
      long units = units(block);
      sum += in == 4 * c ? 0 : before * in * 4 * c;
      sum += before * (in * c + (units - 1) * 4 * c * c);
      sum += ((units - 1) * before + behind) * (9 * c * c + 4 * c * c);
    }
    return sum;
  }

  /** Multiplications of the pyramid and the class scores for one crop. */
  long headMultiplyAdds() {
    long pixels = square(side(lastBlock));
    long features = 4L * channels(lastBlock);
    if (pyramid.isEmpty()) {
      return pixels * features * CLASSES;
    }
    long branches = 1L + pyramid.size() + (imagePooling ? 1 : 0);
    return pixels * features * FILTERS * (1 + 9L * pyramid.size())
        + (imagePooling ? features * FILTERS : 0)
        + pixels * branches * FILTERS * FILTERS
        + pixels * FILTERS * CLASSES;
  }

  /** Channels of all batch normalisations. */
  long normalizedChannels() {
    long sum = 64;
    for (int block = 1; block <= lastBlock; block++) {
      int c = channels(block);
      sum += 6L * c * units(block) + (inputs(block) == 4 * c ? 0 : 4L * c);
    }
    return pyramid.isEmpty() ? sum : sum + FILTERS * (2L + pyramid.size() + (imagePooling ? 1 : 0));
  }

  private static long square(long side) {
    return side * side;
  }

  @Override
  public String toString() {
    return name;
  }
}
