package dev.atrous.runtime.tensorflow;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.file.Path;

/**
 * A shared library of this machine, opened as native code opens those that it looks for at run
 * time. On Linux alone. An open library is found by its name from then on, wherever it came from:
 * that is how TensorFlow gets those that are not where the system looks.
 */
final class SharedLibrary {
  private static final int RTLD_LAZY = 1;
  private static final int RTLD_DI_LINKMAP = 2;

  private final String name;
  private final Pointer handle;

  private SharedLibrary(String name, Pointer handle) {
    this.name = name;
    this.handle = handle;
  }

  /**
   * Opens a library.
   *
   * @param name of the library, or its path
   * @throws UnsatisfiedLinkError if there is none, or it does not fit this machine; the message is
   *     the system's
   * @throws LinkageError where native code can't be called at all
   */
  static SharedLibrary open(String name) {
    if (!Platform.isLinux()) {
      throw new UnsatisfiedLinkError(name + ": not on this operating system");
    }
    // All of them now: to look one up, or to read a text, would replace the error.
    Function error = process("dlerror");
    Function copy = process("strdup");
    Pointer handle = process("dlopen").invokePointer(new Object[] {name, RTLD_LAZY});
    if (handle == null) {
      Pointer text = copy.invokePointer(new Object[] {error.invokePointer(new Object[0])});
      String message = text.getString(0);
      Native.free(Pointer.nativeValue(text));
      throw new UnsatisfiedLinkError(message);
    }
    return new SharedLibrary(name, handle);
  }

  private static Function process(String function) {
    NativeEnvironment.configureJna();
    return NativeLibrary.getProcess().getFunction(function);
  }

  /** Where it is. */
  Path path() {
    PointerByReference map = new PointerByReference();
    int failed = process("dlinfo").invokeInt(new Object[] {handle, RTLD_DI_LINKMAP, map});
    // struct link_map { address; char *name; ... }
    return Path.of(
        failed == 0 ? map.getValue().getPointer(Native.POINTER_SIZE).getString(0) : name);
  }

  /**
   * Calls a function that returns a result code.
   *
   * @throws UnsatisfiedLinkError if the library has no such function
   */
  int call(String function, Object... arguments) {
    Pointer address = process("dlsym").invokePointer(new Object[] {handle, function});
    if (address == null) {
      throw new UnsatisfiedLinkError(name + " has no function " + function);
    }
    return Function.getFunction(address).invokeInt(arguments);
  }

  /** Gives it back: it may go from memory, and then is no longer found by its name. */
  void close() {
    process("dlclose").invokeInt(new Object[] {handle});
  }
}
