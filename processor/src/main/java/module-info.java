/** The annotation processor, and the plugins of javac beside it. */
module dev.atrous.processor {
  requires jdk.compiler;
  // Part of the jar under another name, or of no use once it is compiled.
  requires static com.google.auto.service;
  requires static com.palantir.javapoet;
  requires static org.jspecify;

  provides com.sun.source.util.Plugin with
      dev.atrous.processor.LocalSpecs,
      dev.atrous.processor.MisspeltNames;
  provides javax.annotation.processing.Processor with
      dev.atrous.processor.ModelProcessor;
}
