/** The annotations of a model spec, and what the generated code needs to run. */
@SuppressWarnings("requires-transitive-automatic")
module dev.atrous.runtime {
  requires transitive tensorflow; // generated code names its types
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires com.j2html;
  requires com.sun.jna;
  requires info.picocli;
  requires java.desktop;
  requires java.management;
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.atrous.annotation;
  exports dev.atrous.runtime;
  exports dev.atrous.runtime.checkpoint;
  exports dev.atrous.runtime.cli;
  exports dev.atrous.runtime.data;
  exports dev.atrous.runtime.log;
  exports dev.atrous.runtime.metric;
  exports dev.atrous.runtime.model;
  exports dev.atrous.runtime.op;
  exports dev.atrous.runtime.predict;
  exports dev.atrous.runtime.tensorflow;
  exports dev.atrous.runtime.train;
  exports dev.atrous.runtime.weights;

  opens dev.atrous.runtime.cli to
      info.picocli;
}
