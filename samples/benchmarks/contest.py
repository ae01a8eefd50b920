"""Runs contestants in turns and reports: a Markdown table, and all results as JSON."""
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

OURS = "Atrous"
GOAL = "goal"


class Made:
    """A file that commands read; another command makes it when the first of them is to run."""

    def __init__(self, path, command, needs=()):
        self.path = path
        self.command = command
        self.needs = needs
        self.tried = False
        self.reason = None

    def missing(self):
        """The reason why it is not there, if it is not."""
        if not self.tried:
            self.tried = True
            self.reason = first_missing(self.needs) or run(self.command)
        return self.reason


def first_missing(needs):
    """The reason why something that is needed is not there, if it is not."""
    return next((missing for made in needs if (missing := made.missing())), None)


@dataclass(frozen=True)
class Command:
    """What a contestant runs; it understands --steps, --warmup and --json FILE."""

    arguments: tuple
    needs: tuple = ()


@dataclass(frozen=True)
class Row:
    """A line of the table for each peer.

    :param work: its name
    :param key: of the results, what is compared
    :param ours: our command
    :param peers: theirs, by name
    :param steps: runs of a round that count; None for as many as were asked for
    :param warmup: runs before those
    :param goal: what ours is to stay below
    :param floor: the name that the least time of this work has among the floors
    """

    work: str
    key: str
    ours: Command
    peers: dict = field(default_factory=dict)
    steps: int = None
    warmup: int = 1
    goal: float = None
    floor: str = None

    def contestants(self):
        return {OURS: self.ours, **self.peers}


def run(arguments):
    """Runs a process to its end; the reason if it fails."""
    try:
        ran = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    except OSError as e:
        return str(e)
    if ran.returncode == 0:
        return None
    lines = (ran.stderr or ran.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit code {ran.returncode}"


class Contest:
    """Rounds over the contestants of a row.

    A command that several rows have runs once in a round, for all of them. One that fails is not tried again.
    """

    def __init__(self, rounds, steps):
        self.rounds = rounds
        self.steps = steps
        self.results = {}
        self.failed = {}

    def key(self, row, command):
        return (*command.arguments, "--steps", row.steps or self.steps, "--warmup", row.warmup)

    def hold(self, row):
        for turn in range(self.rounds):
            for command in row.contestants().values():
                key = self.key(row, command)
                if key not in self.failed and len(self.results.get(key, ())) <= turn:
                    self.measure(key, command.needs)

    def measure(self, key, needs):
        reason = first_missing(needs)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "result.json"
            reason = reason or run([*key, "--json", file])
            if reason is None:
                self.results.setdefault(key, []).append(json.loads(file.read_text()))
            else:
                self.failed[key] = reason

    def outcome(self, row, command):
        """The results of the rounds, or the reason why there are none."""
        key = self.key(row, command)
        return self.failed.get(key) or self.results[key]


class Report:
    """Prints, and keeps in files what was printed and measured so far."""

    def __init__(self, markdown, raw):
        self.markdown = markdown
        self.raw = raw
        self.lines = []
        self.data = {}

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)
        if self.markdown:
            self.markdown.write_text("\n".join(self.lines) + "\n")

    def keep(self):
        if self.raw:
            self.raw.write_text(json.dumps(self.data, indent=2) + "\n")

    def machine(self, about, rounds, steps):
        self.data = {"machine": about, "rounds": rounds, "steps": steps, "rows": []}
        self.say(", ".join(f"{name} {value}" for name, value in about.items() if value is not None))
        self.say()
        self.say(f"{rounds} rounds, {steps} runs in each; the median over the rounds (the least to the largest).")
        self.say()
        self.keep()

    def begin(self):
        self.say("| work | Atrous | peer | peer's | ratio |")
        self.say("|---|---|---|---|---|")

    def row(self, row, outcomes):
        """Writes a row's lines; whether ours gave a result."""
        shown = {who: cell(outcome, row.key) for who, outcome in outcomes.items()}
        own = median(outcomes[OURS], row.key)
        for who in row.peers:
            theirs = median(outcomes[who], row.key)
            ratio = f"{theirs / own:.2f}" if own and theirs else ""
            self.say(f"| {row.work} | {shown[OURS]} | {who} | {shown[who]} | {ratio} |")
        if row.goal or not row.peers:
            ratio = f"{row.goal / own:.2f}" if row.goal and own else ""
            goal = f"{row.goal} {unit(row.key)}" if row.goal else ""
            self.say(f"| {row.work} | {shown[OURS]} | {GOAL if row.goal else ''} | {goal} | {ratio} |")
        self.data["rows"].append({
            "work": row.work,
            "key": row.key,
            "goal": row.goal,
            "values": {who: values(outcome, row.key) for who, outcome in outcomes.items()},
            "results": {who: outcome for who, outcome in outcomes.items() if isinstance(outcome, list)},
            "not_run": {who: outcome for who, outcome in outcomes.items() if isinstance(outcome, str)},
        })
        self.keep()
        return own is not None

    def floor(self, row, outcomes, multiply_adds, rate):
        """Writes a line about the least time of a row's work, and how many times that each takes."""
        least = multiply_adds / rate
        times = {who: found / least for who, outcome in outcomes.items() if (found := median(outcome, row.key))}
        self.say()
        self.say(f"{row.work}: {multiply_adds / 1e9:.1f} G multiply-adds that meet no padding, at the best rate of a "
                 f"large convolution, {rate / 1e9:.1f} G/s: {least:.3f} s. As many times that take: "
                 + "; ".join(f"{who} {ratio:.2f}" for who, ratio in times.items()) + ".")
        if any(ratio < 1 for ratio in times.values()):
            self.say("Less than 1: some convolutions are not computed directly (Atrous: Winograd's filtering), or the "
                     "machine was busy when the rate was taken.")
        self.data.setdefault("floors", {})[row.work] = {
            "multiply_adds": multiply_adds, "multiply_adds_per_s": rate, "seconds": least}
        self.keep()


def unit(key):
    return "MB" if key.endswith("_mb") else "s"


def values(outcome, key):
    """One for each round; none where the system does not tell, or the command did not run."""
    return [result[key] for result in outcome if result[key] is not None] if isinstance(outcome, list) else []


def median(outcome, key):
    found = values(outcome, key)
    return statistics.median(found) if found else None


def cell(outcome, key):
    found = values(outcome, key)
    if not found:
        return "not run: " + outcome.replace("|", "\\|") if isinstance(outcome, str) else "not known here"
    digits = 0 if unit(key) == "MB" else 3
    return f"{statistics.median(found):.{digits}f} ({min(found):.{digits}f} to {max(found):.{digits}f}) {unit(key)}"
