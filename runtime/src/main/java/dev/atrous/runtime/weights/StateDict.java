package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleValues.Dict;
import dev.atrous.runtime.weights.PickleValues.Instance;
import dev.atrous.runtime.weights.TorchGlobals.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The weights in what a program saved: a state dict, a dict that holds one under some key, or a
 * module, whose attributes are one. What else is there is passed over.
 *
 * @param views the tensors by their names
 * @param notes where they were found and what other tensors were passed over, for the user
 */
record StateDict(Map<String, View> views, List<String> notes) {
  /**
   * Under which key training programs keep the weights; the first that is there is taken, unless
   * what is there is less than half of what is elsewhere.
   */
  private static final List<String> KEYS =
      List.of(
          "state_dict",
          "model_state_dict",
          "model_state",
          "model",
          "net",
          "network",
          "module",
          "weights",
          "params",
          "model_ema",
          "ema",
          "state_dict_ema",
          "ema_state_dict",
          "model_ema_state_dict",
          "ema_model");

  /** Tensors under such keys are those of a training, not of a network. */
  private static final Pattern OTHERS =
      Pattern.compile("(?i).*(optim|sched|scaler|amp|rng|loss|callback|loop|hook|hub).*");

  private static final int DEEPEST_SEARCH = 3;
  private static final int DEEPEST_MODULE = 64;

  /** Characters of the names of all attributes of modules; a ResNet-101 has 0.1 million. */
  private static final int LONGEST_NAMES = 16_000_000;

  /** Tensors that belong together, and the keys that lead to them. */
  private record Candidate(List<String> path, Map<String, View> views) {
    private int rank() {
      int known = path.isEmpty() ? -1 : KEYS.indexOf(path.get(0));
      return path.isEmpty() ? -1 : known < 0 ? KEYS.size() : known;
    }

    /** How many tensors may be weights: those of floating-point numbers. */
    long weights() {
      return views.values().stream().filter(view -> view.storage().type().isReadable()).count();
    }

    String shown() {
      return FormatException.quoted(String.join(".", path)) + " (" + views.size() + " tensors)";
    }
  }

  /** A value to look into. */
  private record Place(List<String> path, Object value) {}

  /**
   * Finds the weights.
   *
   * @throws FormatException if there is no tensor with a name
   */
  static StateDict in(Object root) throws FormatException {
    List<Candidate> candidates = candidates(root);
    long most = candidates.stream().mapToLong(Candidate::weights).max().orElse(0);
    candidates.removeIf(candidate -> candidate.weights() == 0);
    candidates.sort(
        Comparator.comparing((Candidate candidate) -> 2 * candidate.weights() < most)
            .thenComparing(Candidate::rank)
            .thenComparing(candidate -> -candidate.weights()));
    if (candidates.isEmpty()) {
      throw FormatException.refused(
          "It holds no tensors by the names of layers, but " + described(root),
          "Give a file that holds the weights of a network.");
    }
    Candidate best = candidates.get(0);
    List<String> notes = new ArrayList<>();
    if (!best.path().isEmpty()) {
      notes.add("the weights are those under " + best.shown());
      if (candidates.size() > 1) {
        notes.add(
            "other weights in the file: "
                + candidates.stream()
                    .skip(1)
                    .limit(5)
                    .map(Candidate::shown)
                    .collect(Collectors.joining(", ")));
      }
    }
    return new StateDict(best.views(), List.copyOf(notes));
  }

  /** All tensors that belong together, in the order of the file, each value looked at once. */
  private static List<Candidate> candidates(Object root) throws FormatException {
    List<Candidate> candidates = new ArrayList<>();
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Place> places = new ArrayDeque<>(List.of(new Place(List.of(), root)));
    NameBudget names = new NameBudget();
    while (!places.isEmpty()) {
      Place place = places.remove();
      if (!seen.add(place.value())) {
        continue;
      }
      Map<String, View> views = new LinkedHashMap<>();
      if (place.value() instanceof Dict dict) {
        addTensors("", dict, views);
        if (place.path().size() < DEEPEST_SEARCH) {
          enqueue(place.path(), dict, places);
        }
      } else if (place.value() instanceof Instance instance) {
        addModule("", instance, views, 0, names);
      }
      if (!views.isEmpty()) {
        candidates.add(new Candidate(place.path(), views));
      }
    }
    return candidates;
  }

  private static void enqueue(List<String> path, Dict dict, Deque<Place> places) {
    dict.items()
        .forEach(
            (key, value) -> {
              if (key instanceof String name
                  && (value instanceof Dict || value instanceof Instance)
                  && !OTHERS.matcher(name).matches()) {
                List<String> longer = new ArrayList<>(path);
                longer.add(name);
                places.add(new Place(longer, value));
              }
            });
  }

  private static void addTensors(String prefix, Dict dict, Map<String, View> views) {
    dict.items()
        .forEach(
            (key, value) -> {
              if (key instanceof String name && value instanceof View view) {
                views.put(prefix + name, view);
              }
            });
  }

  /** What names of modules in modules may have together: a file can have one module many times. */
  private static final class NameBudget {
    private long left = LONGEST_NAMES;

    void spend(String prefix, Dict dict) throws FormatException {
      for (Object key : dict.items().keySet()) {
        left -= 1L + prefix.length() + (key instanceof String name ? name.length() : 0);
        if (left < 0) {
          throw endless();
        }
      }
    }
  }

  private static FormatException endless() {
    return FormatException.damaged("It has modules in modules without an end");
  }

  /**
   * Tensors of a module: its parameters and buffers, and those of its modules. A module of
   * TorchScript has all of them as attributes.
   */
  private static void addModule(
      String prefix, Instance module, Map<String, View> views, int depth, NameBudget names)
      throws FormatException {
    Dict attributes = module.attributes();
    if (attributes == null) {
      return;
    }
    if (depth > DEEPEST_MODULE) {
      throw endless();
    }
    Dict modules = attributes;
    List<Dict> groups = new ArrayList<>(List.of(attributes));
    for (String group : List.of("_parameters", "_buffers", "_modules")) {
      if (attributes.items().get(group) instanceof Dict dict) {
        groups.add(dict);
        modules = group.equals("_modules") ? dict : modules;
      }
    }
    for (Dict group : groups) {
      names.spend(prefix, group);
      addTensors(prefix, group, views);
    }
    for (Map.Entry<Object, Object> entry : modules.items().entrySet()) {
      if (entry.getKey() instanceof String name && entry.getValue() instanceof Instance inner) {
        addModule(prefix + name + ".", inner, views, depth + 1, names);
      }
    }
  }

  private static String described(Object root) {
    if (root instanceof Dict dict) {
      return dict.items().isEmpty()
          ? "an empty dict"
          : "a dict with the keys "
              + dict.items().keySet().stream()
                  .limit(10)
                  .map(key -> FormatException.quoted(key.toString()))
                  .collect(Collectors.joining(", "));
    }
    return root instanceof Instance instance
        ? "an object of " + FormatException.quoted(instance.what())
        : "a " + root.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
