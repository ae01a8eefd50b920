"""Writes the files of SavedByTorchTest: what torch.save and torch.jit.save make of a small network.

    python files.py

The files in the repository were made with Python 3.11, torch 2.13.0 (CPU) and numpy 2.4.6. The tests need no Python.
"""

import argparse
import collections
import datetime
import decimal
import enum
import pathlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent


class Color(enum.Enum):
    RED = 1


class Config(dict):
    def __init__(self, **values):
        super().__init__(values)
        self.name = "a"


class Own:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a, self.b = 1, [self]


def network():
    """Tensor i counts up from 100 i, in steps of one."""
    net = torch.nn.Sequential()
    net.add_module("conv1", torch.nn.Conv2d(3, 2, 2, bias=False))
    net.add_module("bn1", torch.nn.BatchNorm2d(2))
    for i, tensor in enumerate(net.state_dict().values()):
        tensor.copy_((100 * i + torch.arange(tensor.numel())).reshape(tensor.shape))
    return net


def everything():
    """A checkpoint with all that training programs put beside the weights."""
    net = network()
    sgd = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    net(torch.ones(1, 3, 4, 4)).sum().backward()
    sgd.step()
    net = network()
    return {
        "epoch": np.int64(7),
        "best": np.float64(0.5),
        "history": np.arange(6.0).reshape(2, 3),
        "numpy_state": np.random.RandomState(1).get_state(),
        "random": torch.get_rng_state(),
        "args": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("/tmp")),
        "path": pathlib.PurePosixPath("runs/1"),
        "classes": {"road", "car"},
        "frozen": frozenset({1, 2}),
        "counts": collections.defaultdict(int, {"car": 3}),
        "counter": collections.Counter("aab"),
        "queue": collections.deque([1, 2], 5),
        "device": torch.device("cuda:0"),
        "dtype": torch.float16,
        "size": torch.Size([1, 2]),
        "when": datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc),
        "price": decimal.Decimal("1.5"),
        "color": Color.RED,
        "config": Config(a=1, b={(1, 2): None}),
        "own": Own(),
        "complex": 1 + 2j,
        "bytes": b"\x00\xff",
        "bytearray": bytearray(b"ab"),
        "big": 1 << 100,
        "slice": slice(1, 2),
        "function": len,
        "optimizer": sgd.state_dict(),
        "scheduler": torch.optim.lr_scheduler.StepLR(sgd, 1).state_dict(),
        "complex_tensor": torch.ones(1, dtype=torch.complex64),
        "float8": torch.ones(1).to(torch.float8_e4m3fn),
        "quantised": torch.quantize_per_tensor(torch.ones(1), 0.1, 0, torch.qint8),
        "sparse": torch.ones(1).to_sparse(),
        "state_dict": collections.OrderedDict(("module." + k, v) for k, v in net.state_dict().items()),
    }


def types():
    values = torch.arange(-2.0, 2.0)
    return {
        "half": values.half(),
        "bfloat16": values.bfloat16(),
        "double": values.double() / 3,
        "transposed": torch.arange(6.0).reshape(2, 3).t(),
        "part": torch.arange(6.0)[2:4],
        "shared": values[1:],
        "whole": values,
        "parameter": torch.nn.Parameter(values, requires_grad=False),
        "buffer": torch.nn.Buffer(values),
    }


def save(value, name, **options):
    torch.save(value, HERE / name, **options)


def main():
    net = network()
    parameters = collections.OrderedDict(net.named_parameters())
    legacy = {"_use_new_zipfile_serialization": False}
    save(parameters, "parameters.pth")
    save(parameters, "parameters_legacy.pth", **legacy)
    save(net.state_dict(), "state_dict_legacy.pth", **legacy)
    save(net, "module.pth")
    save(net, "module_legacy.pth", **legacy)
    save(everything(), "checkpoint.pth")
    save(everything(), "checkpoint_protocol4.pth", pickle_protocol=4)
    save(everything(), "checkpoint_legacy.pth", **legacy)
    save(everything(), "checkpoint_legacy_protocol5.pth", pickle_protocol=5, **legacy)
    save(types(), "types.pth")
    save(types(), "types_legacy.pth", **legacy)
    torch.jit.script(net.eval()).save(str(HERE / "script.pt"))


if __name__ == "__main__":
    main()
