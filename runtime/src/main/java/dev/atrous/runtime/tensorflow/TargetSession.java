package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.ConfigProto;

/**
 * Sessions whose graph runs in a server. TensorFlow's C library has them, and so have its classes
 * for Java, but for a constructor that takes the target: two members that are not public stand in
 * for it.
 */
final class TargetSession {
  private static final String OPEN = "--add-opens=tensorflow/org.tensorflow=dev.atrous.runtime";

  private final Field handle;
  private final Constructor<Session> constructor;

  private TargetSession(Field handle, Constructor<Session> constructor) {
    this.handle = handle;
    this.constructor = constructor;
  }

  /**
   * Finds the members.
   *
   * @throws AtrousException if this version of TensorFlow lacks them, or its module is closed
   */
  static TargetSession find() {
    try {
      Field handle = Graph.class.getDeclaredField("nativeHandle");
      Constructor<Session> constructor =
          Session.class.getDeclaredConstructor(Graph.class, TF_Session.class);
      handle.setAccessible(true);
      constructor.setAccessible(true);
      if (handle.getType() != TF_Graph.class) {
        throw new NoSuchFieldException("Graph.nativeHandle is a " + handle.getType().getName());
      }
      return new TargetSession(handle, constructor);
    } catch (InaccessibleObjectException e) {
      throw new AtrousException(
          "A training on several workers needs a part of TensorFlow's module that is closed. Start Java with %s."
              .formatted(OPEN),
          e);
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }

  private static AtrousException missing(ReflectiveOperationException e) {
    return new AtrousException(
        "TensorFlow Java on the class path (library %s) can't be used for a training on several workers: it lacks %s. Use version 1.1.0, or train with one worker."
            .formatted(TensorFlow.version(), e.getMessage()),
        e);
  }

  /**
   * A session.
   *
   * @param graph that it runs; may grow
   * @param target for example {@code grpc://10.0.0.5:2222}
   * @throws RuntimeException TensorFlow's, if the server does not take it
   */
  Session open(Graph graph, String target, ConfigProto config) {
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      byte[] bytes = config.toByteArray();
      tensorflow.TF_SetConfig(options, new BytePointer(bytes), bytes.length, status);
      status.throwExceptionIfNotOK();
      tensorflow.TF_SetTarget(options, new BytePointer(target));
      TF_Session session = TF_Session.newSession((TF_Graph) handle.get(graph), options, status);
      status.throwExceptionIfNotOK();
      session.retainReference();
      scope.detach(session); // lives on
      return constructor.newInstance(graph, session);
    } catch (ReflectiveOperationException e) {
      throw missing(e);
    }
  }
}
