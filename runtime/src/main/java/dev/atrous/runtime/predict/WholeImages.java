package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.tensorflow.Feeds;
import dev.atrous.runtime.tensorflow.Timeline;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TIntegral;

/** Inference without averaging: the images as they are, seen at once. */
final class WholeImages implements Inference {
  private final Placeholder<? extends TIntegral> images;
  private final Placeholder<TInt32> height;
  private final Placeholder<TInt32> width;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> probabilities;
  private final Operand<TUint8> labels;
  private final Placeholder<TUint8> truth;
  private final Operand<TFloat32> crossEntropy;

  WholeImages(Ops tf, NetworkOps<?> nn, CompiledModel model, ImageInput input, int outputStride) {
    images = input.placeholder(tf, Shape.of(-1, -1, -1));
    height = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    width = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    logits =
        nn.interpolate(
            model.scores(nn, images, outputStride),
            images,
            pixels(tf, height),
            pixels(tf, width),
            model.description().conventions().alignCorners());
    probabilities = tf.nn.softmax(logits);
    labels = tf.dtypes.cast(tf.math.argMax(logits, tf.constant(3), TInt32.class), TUint8.class);
    truth = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, -1, -1)));
    crossEntropy = nn.crossEntropySum(logits, truth);
  }

  /** Those of the image, without its padding. */
  private static Operand<TFloat32> pixels(Ops tf, Operand<TInt32> size) {
    return tf.dtypes.cast(tf.range(tf.constant(0), size, tf.constant(1)), TFloat32.class);
  }

  @Override
  public void label(Session session, PaddedImages batch, LabelStrips strips) {
    try (Result result = run(session, batch, feeds -> feeds.fetch(labels))) {
      handOn((TUint8) result.get(0), batch, strips);
    }
  }

  private static void handOn(TUint8 labels, PaddedImages batch, LabelStrips strips) {
    byte[] all = new byte[Math.toIntExact(labels.size())];
    labels.asRawTensor().data().read(all);
    batch.handOn(all, batch.width(), 0, strips);
  }

  /**
   * Labels as the other, and compares the scores with true labels.
   *
   * @param labels of the images, in their order
   * @return the sum of the cross-entropy of the pixels whose true label is not 255
   */
  double label(Session session, PaddedImages batch, List<LabelMap> labels, LabelStrips strips) {
    try (Result result =
        run(
            session,
            batch,
            feeds -> feeds.own(truth, batch.tensor(labels)).fetch(this.labels, crossEntropy))) {
      handOn((TUint8) result.get(0), batch, strips);
      return ((TFloat32) result.get(1)).getFloat();
    }
  }

  @Override
  public void classify(Session session, PaddedImages batch, ProbabilityStrips strips) {
    try (Result result = run(session, batch, feeds -> feeds.fetch(labels, probabilities))) {
      TUint8 classes = (TUint8) result.get(0);
      byte[] all = new byte[Math.toIntExact(classes.size())];
      classes.asRawTensor().data().read(all);
      FloatDataBuffer values = ((TFloat32) result.get(1)).asRawTensor().data().asFloats();
      batch.handOn(all, values, batch.width(), 0, strips);
    }
  }

  /** The class scores of each pixel of one image, {@code [height, width, classes]}. */
  float[] logits(Session session, PaddedImages image) {
    try (Result result = run(session, image, feeds -> feeds.fetch(logits))) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] floats = new float[Math.toIntExact(tensor.size())];
      tensor.asRawTensor().data().asFloats().read(floats);
      return floats;
    }
  }

  /** Labels the images and records when each operation ran. */
  Timeline profile(Session session, PaddedImages batch) {
    return run(session, batch, feeds -> feeds.record(labels));
  }

  private <T> T run(Session session, PaddedImages batch, Function<Feeds, T> how) {
    try (Feeds feeds = new Feeds(session)) {
      feeds.own(images, batch.tensor()).feed(height, batch.height()).feed(width, batch.width());
      return how.apply(feeds);
    }
  }
}
