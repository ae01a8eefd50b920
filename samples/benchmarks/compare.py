"""Runs the same work here and in the peers that are installed, in turns, and prints a table of ratios.

    python compare.py [--rounds N] [--only TEXT] [--torch PYTHON] [--tensorflow PYTHON] [--djl JAR] [--data VOC]

Needs the samples to be built (mvn -DskipTests package) and Python 3.9 or newer; the peers run in the Pythons that are
named, or in this one. The peer DJL is a project of its own, to be built in the folder djl (mvn -f djl package); it runs
what the Python with torch exports. A peer that is not there is left out, visibly. Each figure is the median over the rounds of the
medians of the runs in a round; beside it stand the least and the largest. A ratio is peer / ours: above 1 we are faster.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE.parent / "target" / "atrous-samples.jar"
MODEL = "TorchvisionResNet50"

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
args = parser.parse_args()


def ours(*options, model=MODEL):
    return ["java", "-cp", str(JAR), "dev.atrous.samples.benchmarks.Main", "bench", "--model", model, *options]


def python(interpreter, script, *options):
    path = str(HERE / script)
    if args.torch_prelude and script != "tensorflow_peer.py":
        run = f"import {args.torch_prelude}, runpy, sys; sys.argv[0] = {path!r}; sys.path.insert(0, {str(HERE)!r}); " \
              f"runpy.run_path({path!r}, run_name='__main__')"
        return [interpreter, "-c", run, *options]
    return [interpreter, path, *options]


def torch(*options):
    return python(args.torch, "torchvision_peer.py", *options)


def tensorflow(*options):
    return python(args.tensorflow, "tensorflow_peer.py", *options)


def djl(module, *options):
    return ["java", "-jar", str(args.djl), "--model", str(module), *options]


def export(module, *options):
    """The network as TorchScript, or the reason why there is none."""
    if not args.djl.exists():
        return f"{args.djl} is not there"
    ran = subprocess.run(python(args.torch, "export_torchscript.py", str(module), *options),
                         capture_output=True, text=True)
    return None if ran.returncode == 0 else failure(ran)


def rows(weights, module):
    """Name, the key of the result that is compared, our command, and the peers' by name."""
    train = ["--mode", "train", "--batch-size", "2", "--crop", "257"]
    predict = ["--mode", "predict", "--batch-size", "1", "--crop", "513"]
    first = ["--mode", "predict", "--batch-size", "1", "--crop", "65"]
    step101 = ["--mode", "train", "--batch-size", "2", "--crop", "65"]
    scales = ["--mode", "predict", "--size", "375x500", "--crop", "1", "--multi-scale", "--flip"]
    bfloat16 = ["--precision", "bfloat16"]
    trained = ["--weights", str(weights)]
    yield ("train step, 2 x 257 x 257, float32", "median_s", ours(*train, model=MODEL + "At257"), {
        "torchvision": torch(*train),
        "torchvision, compiled": torch(*train, "--compile"),
        "TensorFlow": tensorflow(*train),
        "TensorFlow, XLA": tensorflow(*train, "--compile"),
    })
    yield ("train step, 2 x 257 x 257, bfloat16", "median_s", ours(*train, *bfloat16, model=MODEL + "At257"),
           {"torchvision": torch(*train, *bfloat16)})
    yield ("inference, 1 x 513 x 513, float32", "median_s", ours(*predict, *trained), {
        "torchvision": torch(*predict),
        "torchvision, compiled": torch(*predict, "--compile"),
        "TensorFlow": tensorflow(*predict),
        "TensorFlow, XLA": tensorflow(*predict, "--compile"),
        "DJL, TorchScript": djl(module, *predict[2:]),
    })
    yield ("inference, 1 x 513 x 513, bfloat16", "median_s", ours(*predict, *trained, *bfloat16),
           {"torchvision": torch(*predict, *bfloat16)})
    yield ("process start to the first prediction, 65 x 65", "time_to_first_result_s", ours(*first, *trained),
           {"torchvision": torch(*first)})
    yield ("process start to the first step, ResNet-101, 2 x 65 x 65", "time_to_first_result_s",
           ours(*step101, model="TorchvisionResNet101"),
           {"TensorFlow": tensorflow(*step101, "--backbone", "resnet101")})
    yield ("peak memory, train step, 2 x 257 x 257, float32", "peak_rss_mb", ours(*train, model=MODEL + "At257"),
           {"torchvision": torch(*train)})
    yield ("six scales, mirrored too, 375 x 500", "median_s", ours(*scales, *trained),
           {"torchvision": torch("--mode", "multiscale", "--batch-size", "1")})
    if args.data:
        load = ["--mode", "input", "--batch-size", "8", "--crop", "513", "--data", args.data]
        yield ("8 crops of 513 from JPEG, one core", "median_s", ours(*load, "--threads", "1"),
               {"torchvision v2, DataLoader": torch(*load)})


def failure(ran):
    lines = (ran.stderr or ran.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit code {ran.returncode}"


def measure(command, key):
    """The result of one process, or the reason why there is none."""
    steps = ["--steps", str(args.steps), "--warmup", "1"]
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        ran = subprocess.run([*command, *steps, "--json", str(result)], capture_output=True, text=True)
        if ran.returncode == 0 and result.exists():
            return json.loads(result.read_text())[key]
        return failure(ran)


def spread(values, unit):
    digits = 0 if unit == "MB" else 3
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f}) {unit}"


def compare(name, key, command, peers, missing):
    unit = "MB" if key.endswith("_mb") else "s"
    times = {who: [] for who in ("Atrous", *peers)}
    for _ in range(args.rounds):
        for who, other in (("Atrous", command), *peers.items()):
            if who in missing:
                continue
            value = measure(other, key)
            if isinstance(value, str):
                missing[who] = value
            else:
                times[who].append(value)
    if not times["Atrous"]:
        sys.exit(f"{name}: {missing['Atrous']}")
    own = statistics.median(times["Atrous"])
    for who in peers:
        if times[who]:
            ratio = statistics.median(times[who]) / own
            print(f"| {name} | {spread(times['Atrous'], unit)} | {who} | {spread(times[who], unit)} | {ratio:.2f} |",
                  flush=True)
        else:
            print(f"| {name} | {spread(times['Atrous'], unit)} | {who} | not run: {missing[who]} | |", flush=True)


if not JAR.exists():
    sys.exit(f"{JAR} is not there; build it with: mvn -B -ntp -DskipTests package")
print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {args.rounds} rounds\n")
print("| work | Atrous | peer | peer's | ratio |\n|---|---|---|---|---|")
with tempfile.TemporaryDirectory() as made:
    checkpoint = Path(made) / "weights"
    module = Path(made) / "deeplab.pt"
    for row in rows(checkpoint, module):
        if args.only in row[0]:
            missing = {}
            for who, command in row[3].items():
                if str(module) in command and (reason := export(module, "--crop", "513", "--batch-size", "1")):
                    missing[who] = reason
            if str(checkpoint) in row[2] and not checkpoint.exists():
                written = subprocess.run(["java", "-cp", str(JAR), "dev.atrous.samples.benchmarks.RandomWeights",
                                          str(checkpoint)], capture_output=True, text=True)
                if written.returncode != 0:
                    sys.exit(written.stderr)
            compare(*row, missing)
