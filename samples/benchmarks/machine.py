"""What compare.py measures on: the processor, and the versions of ours and of the peers."""
import json
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

VERSIONS = """
import importlib.metadata as metadata, json, platform, sys
found = {"Python": platform.python_version()}
for name, distributions in json.loads(sys.argv[1]).items():
    for distribution in distributions:
        try:
            found[name] = metadata.version(distribution)
            break
        except metadata.PackageNotFoundError:
            pass
print(json.dumps(found))
"""


def cpu():
    """The name of the processor, with Linux's numbers of the model, as its name alone may say little."""
    about = {}
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            about.setdefault(key.strip(), value.strip())
    except OSError:
        pass
    name = about.get("model name") or platform.processor() or platform.machine()
    return f"{name} (family {about['cpu family']}, model {about['model']})" if "cpu family" in about else name


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def java():
    """The virtual machine on the path, as `java -version` calls itself."""
    ran = subprocess.run(["java", "-version"], capture_output=True, text=True)
    quoted = re.search(r'"(.+?)"', ran.stderr)
    return quoted.group(1) if quoted else None


def in_python(interpreter, **distributions):
    """Versions of Python and of packages; those that it does not have are left out.

    :param distributions: the names under which a package may be installed
    """
    if not shutil.which(interpreter):
        return {}
    ran = subprocess.run([interpreter, "-c", VERSIONS, json.dumps(distributions)], capture_output=True, text=True)
    return json.loads(ran.stdout) if ran.returncode == 0 else {}


def in_folder(folder, **artifacts):
    """Versions that the names of jars end with."""
    found = {}
    for name, artifact in artifacts.items():
        for jar in sorted(Path(folder).glob("*.jar")):
            version = re.fullmatch(re.escape(artifact) + r"-(\d[^-]*(-SNAPSHOT)?)(-.*)?\.jar", jar.name)
            if version:
                found[name] = version.group(1)
                break
    return found


def describe(libraries, torch, tensorflow, djl):
    """All that is known, by name, to be shown in this order.

    :param libraries: folder with our jar of the runtime and those that it needs
    :param torch: a Python for torchvision
    :param tensorflow: a Python for TensorFlow
    :param djl: folder with DJL's jars
    """
    peer = in_python(tensorflow, TensorFlow=("tensorflow", "tensorflow-cpu"))
    peer.pop("Python", None)
    return {
        "processor": cpu(),
        "cores": cores(),
        "load before": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "Java": java(),
        **in_folder(libraries, **{"Atrous": "atrous-runtime", "TensorFlow Java": "tensorflow-core-api"}),
        **in_python(torch, torch=("torch",), torchvision=("torchvision",)),
        **peer,
        **in_folder(djl, DJL="pytorch-engine", **{"its libtorch": "pytorch-native-cpu"}),
    }
