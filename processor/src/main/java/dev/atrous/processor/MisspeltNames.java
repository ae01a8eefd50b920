package dev.atrous.processor;

import com.google.auto.service.AutoService;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Plugin;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Similar;
import dev.atrous.processor.spec.Annotations;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Suggests the right name for a constant or a value of our annotations that doesn't exist. javac
 * stops at such a mistake before it runs annotation processors, with a message that names what is
 * not there and not what is. So this is a plugin of javac: it starts by itself beside the processor
 * and looks at the annotations as they are written, with javac's public tree API. The Eclipse
 * compiler, which has no such API, keeps its own message.
 */
@AutoService(Plugin.class)
public final class MisspeltNames implements Plugin {

  @Override
  public String getName() {
    return "AtrousMisspeltNames";
  }

  @Override
  public boolean autoStart() {
    return true;
  }

  @Override
  public void init(JavacTask task, String... arguments) {
    Trees trees = Trees.instance(task);
    Set<String> reported = new HashSet<>();
    task.addTaskListener(
        new TaskListener() {
          @Override
          public void finished(TaskEvent event) {
            CompilationUnitTree unit = event.getCompilationUnit();
            if (event.getKind() == TaskEvent.Kind.ENTER && unit != null) {
              new Scanner(trees, unit, reported).scan(new TreePath(unit), null);
            }
          }
        });
  }

  /** Goes through the annotations of the types in a file. */
  private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final Set<String> reported;

    /**
     * @param reported places of what was reported: javac looks at a file again after each round of
     *     annotation processing
     */
    Scanner(Trees trees, CompilationUnitTree unit, Set<String> reported) {
      this.trees = trees;
      this.unit = unit;
      this.reported = reported;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void unused) {
      return null;
    }

    @Override
    public @Nullable Void visitBlock(BlockTree block, @Nullable Void unused) {
      return null;
    }

    @Override
    public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void unused) {
      Element type =
          trees.getElement(new TreePath(getCurrentPath(), annotation.getAnnotationType()));
      if (type instanceof TypeElement declaration
          && Annotations.simpleName(declaration).isPresent()) {
        annotation.getArguments().forEach(argument -> check(declaration, argument));
      }
      return super.visitAnnotation(annotation, null); // one may have others in it
    }

    private void check(TypeElement declaration, ExpressionTree argument) {
      if (argument instanceof AssignmentTree assignment) {
        check(declaration, assignment.getVariable(), assignment.getExpression());
      }
    }

    private void check(TypeElement declaration, ExpressionTree variable, ExpressionTree value) {
      List<ExecutableElement> members = ElementFilter.methodsIn(declaration.getEnclosedElements());
      int index = names(members).indexOf(variable.toString());
      if (index < 0) {
        report(
            DiagnosticId.UNKNOWN_MEMBER,
            variable,
            name(declaration),
            variable.toString(),
            names(members));
      } else if (members.get(index).getReturnType() instanceof DeclaredType type
          && type.asElement() instanceof TypeElement constants
          && constants.getKind() == ElementKind.ENUM) {
        checkConstant(constants, value);
      }
    }

    private void checkConstant(TypeElement type, ExpressionTree value) {
      List<String> constants =
          names(
              type.getEnclosedElements().stream()
                  .filter(element -> element.getKind() == ElementKind.ENUM_CONSTANT)
                  .filter(element -> !element.getSimpleName().contentEquals(Annotations.INHERITED))
                  .toList());
      lastName(value)
          .filter(name -> !constants.contains(name) && !name.equals(Annotations.INHERITED))
          .ifPresent(
              name -> report(DiagnosticId.UNKNOWN_CONSTANT, value, name(type), name, constants));
    }

    private static List<String> names(List<? extends Element> elements) {
      return elements.stream().map(element -> element.getSimpleName().toString()).toList();
    }

    /** What an expression names, if it is a name. */
    private static Optional<String> lastName(ExpressionTree value) {
      if (value instanceof IdentifierTree identifier) {
        return Optional.of(identifier.getName().toString());
      }
      return value instanceof MemberSelectTree select
          ? Optional.of(select.getIdentifier().toString())
          : Optional.empty();
    }

    /** Without its package: {@code Conventions.Preset}. */
    private static String name(TypeElement type) {
      return Annotations.simpleName(type).orElseGet(() -> type.getSimpleName().toString());
    }

    private void report(
        DiagnosticId id, Tree place, String type, String wanted, List<String> known) {
      long position = trees.getSourcePositions().getStartPosition(unit, place);
      if (reported.add(unit.getSourceFile().toUri() + ":" + position)) {
        String similar =
            Similar.to(wanted, known).map(name -> " Did you mean " + name + "?").orElse("");
        trees.printMessage(
            Kind.ERROR,
            Diagnostic.of(id, null, type, wanted, similar, String.join(", ", known)).message(),
            place,
            unit);
      }
    }
  }
}
