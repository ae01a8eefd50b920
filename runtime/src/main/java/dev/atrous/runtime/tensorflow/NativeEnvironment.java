package dev.atrous.runtime.tensorflow;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What native code sees of this process and Java can't reach by itself: environment variables and
 * the standard error stream. Everything here is a convenience: where it does not work, the reason
 * is a debug message.
 */
final class NativeEnvironment {
  private static final Logger log = LoggerFactory.getLogger(NativeEnvironment.class);
  private static final String JNA_PATH = "jna.platform.library.path";
  private static final String JNA_FOLDER = "jna.tmpdir";
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final int STDERR = 2;
  private static final int O_WRONLY = 1;

  /**
   * TensorFlow's information lines, the warning that introduces the first of them, and what the
   * library for GPUs calls errors each time that it is loaded: that two parts of it bring the same.
   */
  private static final Pattern CHATTER =
      Pattern.compile(
          "(I\\d{4} \\d\\d:|WARNING: All log messages before absl::"
              + "|.* Unable to register cu\\w+ factory: ).*");

  private NativeEnvironment() {}

  /** Sets a variable, unless the user did. */
  static void setDefault(String name, String value) {
    if (System.getenv(name) == null) {
      set(name, value);
    }
  }

  /** Sets a variable for native code; {@link System#getenv} does not see it. */
  static void set(String name, String value) {
    try {
      configureJna();
      if (Platform.isWindows()) {
        Function.getFunction("msvcrt", "_putenv_s").invokeInt(new Object[] {name, value});
      } else {
        libc("setenv", name, value, 1);
      }
    } catch (LinkageError e) {
      log.debug("could not set {} for native code", name, e);
      if (WARNED.compareAndSet(false, true)) {
        log.warn(
            "TensorFlow's settings can't be made, since JNA does not load ({}): --threads may not hold, and TensorFlow prints its own messages. JNA's library is unpacked to {}; -D{}=FOLDER chooses another folder.",
            e.getMessage(),
            System.getProperty(JNA_FOLDER),
            JNA_FOLDER);
      }
    }
  }

  /**
   * Runs {@code action} and drops the information lines that native code prints meanwhile; all
   * other lines are printed when it is over. For short actions: standard error waits, and so do
   * other threads that want the same.
   */
  static synchronized void withoutChatter(Runnable action) {
    if (Platform.isWindows()) {
      action.run();
      return;
    }
    int stderr = -1;
    Path file = null;
    try {
      file = Files.createTempFile("atrous", ".stderr");
      stderr = redirect(file);
    } catch (IOException | LinkageError e) {
      log.debug("native chatter can't be caught", e);
    }
    try {
      action.run();
    } finally {
      if (stderr >= 0) {
        libc("dup2", stderr, STDERR);
        libc("close", stderr);
      }
      if (file != null) {
        replay(file);
      }
    }
  }

  /** Sends standard error to a file; a descriptor of the old stream, or -1. */
  private static int redirect(Path file) {
    int target = libc("open", file.toString(), O_WRONLY);
    if (target < 0) {
      return -1;
    }
    int saved = libc("dup", STDERR);
    if (saved >= 0) {
      libc("dup2", target, STDERR);
    }
    libc("close", target);
    return saved;
  }

  static boolean isChatter(String line) {
    return CHATTER.matcher(line).matches();
  }

  private static void replay(Path file) {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        if (!isChatter(line)) {
          System.err.println(line);
        }
      }
      Files.delete(file);
    } catch (IOException e) {
      log.debug("could not read {}", file, e);
    }
  }

  private static int libc(String function, Object... arguments) {
    configureJna();
    return NativeLibrary.getProcess().getFunction(function).invokeInt(arguments);
  }

  /** To be called before JNA's classes are loaded. */
  static void configureJna() {
    if (System.getProperty(JNA_PATH) == null) {
      System.setProperty(JNA_PATH, ""); // spares JNA a run of ldconfig to find libraries
    }
    if (System.getProperty(JNA_FOLDER) == null) {
      // One folder that can be written and executed from is enough for all native code.
      System.setProperty(JNA_FOLDER, NativeFolder.cache().path().toString());
    }
  }
}
