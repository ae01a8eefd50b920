"""Runs the same work here and in the peers that are installed, in turns, and prints a table of ratios.

    python compare.py [--rounds N] [--only TEXT] [--torch PYTHON] [--tensorflow PYTHON] [--djl JAR] [--data VOC]
                      [--output MARKDOWN] [--json FILE]

Needs the samples to be built (mvn -DskipTests package) and Python 3.9 or newer; the peers run in the Pythons that are
named, or in this one. The peer DJL is a project of its own, to be built in the folder djl (mvn -f djl package); it runs
what the Python with torch exports. A peer that is not there is left out, visibly. Each figure is the median over the
rounds of the medians of the runs in a round; beside it stand the least and the largest. A ratio is peer / ours: above 1
we are faster. --json keeps the results of each round. Below the table stands how long the convolutions of a row's work
would take at the best rate that a large one of ours has on this machine; a busy machine shows too low a rate.
"""
import argparse
import json
import sys
import tempfile
from pathlib import Path

import machine
from contest import OURS, Command, Contest, Made, Report, Row, run

HERE = Path(__file__).resolve().parent
JAR = HERE.parent / "target" / "atrous-samples.jar"
MODEL = "TorchvisionResNet50"
START = {"steps": 1, "warmup": 0}  # of rows that compare the first result of a process
SHORT_RUNS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # for them, as docs/performance.md has it

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--steps", type=int, default=5, help="runs of a round")
parser.add_argument("--only", default="", help="rows whose name contains this")
parser.add_argument("--torch", default=sys.executable, help="a Python with torch and torchvision")
parser.add_argument("--tensorflow", default=sys.executable, help="a Python with tensorflow")
parser.add_argument("--djl", type=Path, default=HERE / "djl" / "target" / "atrous-benchmarks-djl.jar",
                    help="the peer DJL, built")
parser.add_argument("--data", help="a data set in the PASCAL VOC layout, for the input pipeline")
parser.add_argument("--torch-prelude", help="a module that is imported before torchvision")
parser.add_argument("--output", type=Path, help="a Markdown file for the table, too")
parser.add_argument("--json", type=Path, help="a file for the results of each round")
args = parser.parse_args()


def java(main, *options, jvm=()):
    return ("java", *jvm, "-cp", str(JAR), "dev.atrous.samples.benchmarks." + main, *options)


def ours(*options, model=MODEL, needs=()):
    return Command(java("Main", "bench", "--model", model, *options), needs)


def started(archive, *options, model=MODEL, needs=()):
    """Ours with the JVM's options for short runs and an archive of the classes that such a run loads."""
    bench = ("bench", "--model", model, *options)
    classes = Made(archive, java("Main", *bench, "--steps", "1", "--warmup", "0",
                                 jvm=(f"-XX:ArchiveClassesAtExit={archive}", *SHORT_RUNS)), needs)
    return Command(java("Main", *bench, jvm=(f"-XX:SharedArchiveFile={archive}", *SHORT_RUNS)), (*needs, classes))


def torch_script(script, *options):
    path = str(HERE / script)
    if not args.torch_prelude:
        return args.torch, path, *options
    code = f"import {args.torch_prelude}, runpy, sys; sys.argv[0] = {path!r}; sys.path.insert(0, {str(HERE)!r}); " \
           f"runpy.run_path({path!r}, run_name='__main__')"
    return args.torch, "-c", code, *options


def torch(*options):
    return Command(torch_script("torchvision_peer.py", *options))


def tensorflow(*options):
    return Command((args.tensorflow, str(HERE / "tensorflow_peer.py"), *options))


def djl(module, *options):
    return Command(("java", "-jar", str(args.djl), "--model", str(module.path), *options), (module,))


def training(folder):
    train = ["--mode", "train", "--batch-size", "2", "--crop", "257"]
    step101 = ["--mode", "train", "--batch-size", "2", "--crop", "65"]
    bfloat16 = ["--precision", "bfloat16"]
    at257 = MODEL + "At257"
    yield Row("train step, 2 x 257 x 257, float32", "median_s", ours(*train, model=at257), {
        "torchvision": torch(*train),
        "torchvision, compiled": torch(*train, "--compile"),
        "TensorFlow": tensorflow(*train),
        "TensorFlow, XLA": tensorflow(*train, "--compile"),
    }, floor="train")
    yield Row("peak memory, train step, 2 x 257 x 257, float32", "peak_rss_mb", ours(*train, model=at257),
              {"torchvision": torch(*train)})
    yield Row("train step, 2 x 257 x 257, bfloat16", "median_s", ours(*train, *bfloat16, model=at257),
              {"torchvision": torch(*train, *bfloat16)})
    yield Row("process start to the first step, ResNet-101, 2 x 65 x 65", "time_to_first_result_s",
              started(folder / "train.jsa", *step101, model="TorchvisionResNet101"),
              {"TensorFlow": tensorflow(*step101, "--backbone", "resnet101")}, **START)


def inference(folder, weights, module):
    predict = ["--mode", "predict", "--batch-size", "1", "--crop", "513"]
    first = ["--mode", "predict", "--batch-size", "1", "--crop", "65"]
    scales = ["--mode", "predict", "--size", "375x500", "--crop", "1", "--multi-scale", "--flip"]
    bfloat16 = ["--precision", "bfloat16"]

    def trained(*options):
        return ours(*options, "--weights", str(weights.path), needs=(weights,))

    yield Row("inference, 1 x 513 x 513, float32", "median_s", trained(*predict), {
        "torchvision": torch(*predict),
        "torchvision, compiled": torch(*predict, "--compile"),
        "TensorFlow": tensorflow(*predict),
        "TensorFlow, XLA": tensorflow(*predict, "--compile"),
        "DJL, TorchScript": djl(module, *predict[2:]),
    }, floor="predict")
    yield Row("inference, 1 x 513 x 513, bfloat16", "median_s", trained(*predict, *bfloat16),
              {"torchvision": torch(*predict, *bfloat16)})
    yield Row("process start to the first prediction, 65 x 65", "time_to_first_result_s",
              started(folder / "predict.jsa", *first, "--weights", str(weights.path), needs=(weights,)),
              {"torchvision": torch(*first)}, **START)
    yield Row("six scales, mirrored too, 375 x 500", "median_s", trained(*scales),
              {"torchvision": torch("--mode", "multiscale", "--batch-size", "1")})


def loading():
    load = ["--mode", "input", "--batch-size", "8", "--crop", "513", "--data", args.data]
    yield Row("8 crops of 513 from JPEG, one core", "median_s", ours(*load, "--threads", "1"),
              {"torchvision v2, DataLoader": torch(*load)})
    yield Row("the same, turned and recoloured too", "median_s",
              ours(*load, "--threads", "1", model=MODEL + "Augmented"),
              {"torchvision v2, DataLoader": torch(*load, "--augment")})


def compiling():
    compiled = Command((sys.executable, str(HERE / "compile_time.py")))
    work = "javac, ResNet-101: "
    yield Row(work + "added by the processor and the code that it writes", "median_s", compiled, goal=1)
    yield Row(work + "added by the processor alone (-proc:only)", "processing_s", compiled, goal=1)
    yield Row(work + "time of the processor's thread", "processor_s", compiled, goal=1)


def rows(folder):
    weights = Made(folder / "weights", java("RandomWeights", folder / "weights"))
    module = Made(folder / "deeplab.pt", torch_script("export_torchscript.py", folder / "deeplab.pt", "--crop", "513"))
    yield from training(folder)
    yield from inference(folder, weights, module)
    if args.data:
        yield from loading()
    yield from compiling()


def floors(folder):
    """What Floor tells, at the best rate of as many runs of it as there are rounds."""
    file = folder / "floor.json"
    tries = []
    for _ in range(args.rounds):
        reason = run((*java("Floor"), "--json", file))
        if reason:
            sys.exit("error: " + reason)
        tries.append(json.loads(file.read_text()))
    return max(tries, key=lambda tried: tried["multiply_adds_per_s"])


def main(folder, report):
    """Holds the contest; whether ours gave results everywhere."""
    contest = Contest(args.rounds, args.steps)
    report.begin()
    complete = True
    with_floor = []
    for row in rows(folder):
        if args.only in row.work:
            contest.hold(row)
            outcomes = {who: contest.outcome(row, command) for who, command in row.contestants().items()}
            complete &= report.row(row, outcomes)
            if row.floor:
                with_floor.append((row, outcomes))
    if with_floor:
        found = floors(folder)
        for row, outcomes in with_floor:
            report.floor(row, outcomes, found[row.floor]["multiply_adds"], found["multiply_adds_per_s"])
    return complete


if not JAR.exists():
    sys.exit(f"{JAR} is not there; build it with: mvn -B -ntp -DskipTests package")
shown = Report(args.output, args.json)
shown.machine(machine.describe(JAR.parent / "lib", args.torch, args.tensorflow, args.djl.parent / "lib"),
              args.rounds, args.steps)
with tempfile.TemporaryDirectory() as made:
    if not main(Path(made), shown):
        sys.exit("error: " + OURS + " did not run everywhere")
