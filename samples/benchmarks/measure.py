"""What the peers' scripts share: options, timing and the JSON that `bench --json` writes too."""
import argparse
import json
import os
import statistics
import sys
import time


def process_start():
    """Seconds since the epoch at which this process began (Linux), or the import of this module."""
    try:
        with open("/proc/self/stat") as stat:
            ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
        with open("/proc/uptime") as uptime:
            boot = time.time() - float(uptime.read().split()[0])
        return boot + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.time()


def peak_resident_mb():
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return None


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--mode", required=True, choices=["train", "predict", "multiscale", "input"])
    parser.add_argument("--backbone", default="resnet50", choices=["resnet50", "resnet101"])
    parser.add_argument("--batch-size", type=int, default=2)
    parser.add_argument("--crop", type=int, default=257)
    parser.add_argument("--height", type=int, default=375, help="of the image of multiscale")
    parser.add_argument("--width", type=int, default=500, help="of the image of multiscale")
    parser.add_argument("--precision", default="float32", choices=["float32", "bfloat16"])
    parser.add_argument("--compile", action="store_true", help="torch.compile, or jit_compile")
    parser.add_argument("--data", help="a data set in the PASCAL VOC layout, for input")
    parser.add_argument("--augment", action="store_true", help="input: all augmentation of TorchvisionResNet50Augmented")
    parser.add_argument("--weights", help="state dict to read before the first result")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--json", default="-")
    return parser.parse_args()


def run(work, images, args):
    """Runs `work` as `bench` does: once, `warmup` times, then `steps` times that count."""
    times = []
    first = None
    for i in range(1 + args.warmup + args.steps):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
        if i == 0:
            first = time.time() - process_start()
    counted = times[1 + args.warmup:]
    median = statistics.median(counted)
    result = {
        "median_s": median,
        "min_s": min(counted),
        "max_s": max(counted),
        "images_per_second": images / median,
        "peak_rss_mb": peak_resident_mb(),
        "time_to_first_result_s": first,
    }
    text = json.dumps(result, indent=2)
    if args.json == "-":
        print(text)
    else:
        with open(args.json, "w") as file:
            file.write(text + "\n")
    sys.stdout.flush()
