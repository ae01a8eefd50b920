package dev.atrous.processor;

import com.google.auto.service.AutoService;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.spec.Annotations;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reports specs that are declared in code: in a method, an initializer, an anonymous class. javac
 * shows these to no annotation processor, so without this plugin of javac nothing would happen, and
 * nothing be said.
 */
@AutoService(Plugin.class)
public final class LocalSpecs implements Plugin {

  @Override
  public String getName() {
    return "AtrousLocalSpecs";
  }

  @Override
  public boolean autoStart() {
    return true;
  }

  @Override
  public void init(JavacTask task, String... arguments) {
    Trees trees = Trees.instance(task);
    task.addTaskListener(
        new TaskListener() {
          @Override
          public void finished(TaskEvent event) {
            TypeElement type = event.getTypeElement();
            if (event.getKind() == TaskEvent.Kind.ANALYZE && type != null) {
              TreePath path = trees.getPath(type);
              if (path != null) {
                new Scanner(trees).scan(path, null);
              }
            }
          }
        });
  }

  /** Goes through a class whose names are resolved, code included. */
  private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Trees trees;

    Scanner(Trees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
      if (isInCode(getCurrentPath())) {
        type.getModifiers().getAnnotations().stream()
            .filter(annotation -> name(annotation).isPresent())
            .findFirst()
            .ifPresent(annotation -> report(annotation, name(annotation).orElseThrow()));
      }
      return super.visitClass(type, null);
    }

    /** Whether there is more than types around a type. */
    private static boolean isInCode(TreePath type) {
      for (TreePath around = type.getParentPath();
          around != null && !(around.getLeaf() instanceof CompilationUnitTree);
          around = around.getParentPath()) {
        if (!(around.getLeaf() instanceof ClassTree)) {
          return true;
        }
      }
      return false;
    }

    /** The name of one of our annotations, whose place in the class is not looked up. */
    private Optional<String> name(AnnotationTree annotation) {
      return trees.getElement(new TreePath(getCurrentPath(), annotation.getAnnotationType()))
              instanceof TypeElement declaration
          ? Annotations.simpleName(declaration)
          : Optional.empty();
    }

    private void report(AnnotationTree annotation, String name) {
      Diagnostic diagnostic =
          Diagnostic.of(
              DiagnosticId.SPEC_KIND,
              null,
              name,
              "a local type",
              "a member of a package or of another type: the Java compiler shows local types to no annotation"
                  + " processor",
              "Move it out of the code, into the type around it or to a file of its own");
      trees.printMessage(
          Kind.ERROR, diagnostic.message(), annotation, getCurrentPath().getCompilationUnit());
    }
  }
}
