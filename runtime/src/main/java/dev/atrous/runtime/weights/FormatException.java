package dev.atrous.runtime.weights;

/**
 * Why the bytes of a file are not what its format says. Thrown where the path is not known; {@link
 * TensorFile} adds it.
 */
final class FormatException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 120;

  private FormatException(String message) {
    super(message);
  }

  /** That the file contradicts itself: parts are cut off or altered. */
  static FormatException damaged(String what) {
    return new FormatException(what + ".\nThe file is damaged or incomplete; get it again.");
  }

  /** That the file may be in order, but holds what is not read. */
  static FormatException refused(String what, String remedy) {
    return new FormatException(what + ".\n" + remedy);
  }

  /** Text of a file for a message: in quotes, short, without control characters. */
  static String quoted(String text) {
    StringBuilder shown = new StringBuilder("'");
    for (int i = 0; i < Math.min(text.length(), LONGEST); i++) {
      char c = text.charAt(i);
      shown.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
    }
    return shown.append(text.length() > LONGEST ? "...'" : "'").toString();
  }
}
