"""What the processor adds to the time of javac; compare.py shows it beside the goal.

    python compile_time.py [--spec FILE] [--steps N] [--warmup N] [--json FILE]

Compiles a spec in turns without the processor (-proc:none), with it alone (-proc:only), and with it and the code that
it writes; each in a process of its own. A turn gives the differences of their wall times. The processor's own time is
that of its thread, as TimedProcessor of its tests takes it. Needs the samples to be built (mvn -DskipTests package).
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "processor" / "target"
LIBRARIES = ROOT / "samples" / "target" / "lib"
NOTE = re.compile(r"milliseconds of the processor: (\d+)")

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--spec", type=Path,
                    default=ROOT / "samples/src/main/java/dev/atrous/samples/TorchvisionResNet101.java")
parser.add_argument("--steps", type=int, default=5, help="turns that count")
parser.add_argument("--warmup", type=int, default=1, help="turns before those")
parser.add_argument("--json", default="-")
args = parser.parse_args()


def javac(*options):
    """Wall time in seconds, and what was printed."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["javac", "-cp", str(LIBRARIES / "*"), "-d", folder, *options, str(args.spec)]
        begin = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, text=True)
        seconds = time.perf_counter() - begin
    if ran.returncode != 0:
        sys.exit(ran.stdout + ran.stderr)
    return seconds, ran.stdout + ran.stderr


path = list(TARGET.glob("atrous-processor-*.jar"))
if not path or not LIBRARIES.exists():
    sys.exit("The processor and the samples are not built; build them with: mvn -B -ntp -DskipTests package")
with_processor = ["-processorpath", os.pathsep.join(map(str, path)),
                  "-processor", "dev.atrous.processor.TimedProcessor"]
added, processing, own = [], [], []
for _ in range(args.warmup + args.steps):
    without, _ = javac("-proc:none")
    alone, _ = javac(*with_processor, "-proc:only")
    whole, printed = javac(*with_processor)
    added.append(whole - without)
    processing.append(alone - without)
    own.append(int(NOTE.search(printed).group(1)) / 1e3)
counted = slice(args.warmup, None)
result = {
    "median_s": statistics.median(added[counted]),
    "min_s": min(added[counted]),
    "max_s": max(added[counted]),
    "processing_s": statistics.median(processing[counted]),
    "processor_s": statistics.median(own[counted]),
    "runs_s": sorted(added[counted]),
}
text = json.dumps(result, indent=2)
if args.json == "-":
    print(text)
else:
    Path(args.json).write_text(text + "\n")
