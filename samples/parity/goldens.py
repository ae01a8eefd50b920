"""Writes the goldens of the parity tests: what torchvision's DeepLabv3 computes.

    python goldens.py ../src/test/resources/parity

The goldens in the repository were made with Python 3.11, torch 2.13.0 (CPU), torchvision 0.28.0 and numpy 2.4.6. The
tests read the goldens alone; they need no Python.

Weights, images and labels follow from a formula (`hashed`, `uniform`, `value`) that the tests have too, in Formula.java:
integers and single double operations, so that both get the same bits. The shifts of the batch normalisations before a
ReLU are no formula: each is moved by up to half a deviation, into a gap between the values that the channel has in the
training step. Then no unit is so close to the kink of its ReLU that rounding to float32 switches it, which would change
gradients by a hundredth. The moves are in tensors.txt, a digit for each channel.

All results are computed in float64. Dropout is off: it is random. The same torch in float32 differs from them by

                                       deeplabv3_resnet50   deeplabv3_resnet101
    logits, of the largest logit                   1.5e-6                1.4e-6
    gradients, in the L2 norm, the worst           3.2e-5                3.4e-5
    averages, in the L2 norm, the worst            6.8e-7                1.0e-6
    losses, the worst of five steps                6.5e-7                5.0e-6

(the script prints these numbers), and no float32 program can be expected to do much better.

Every line of a golden file is a key and values. A tensor is described by its norm, projections (sums of its entries with
random signs) and its largest entries; an error anywhere in it shows in every projection.
"""

import pathlib
import sys
import zlib

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torchvision.models import segmentation

SIZES = ((65, 65), (224, 224), (257, 321), (130, 97))
BATCH, CROP, CLASSES, IGNORED = 4, 105, 21, 255
STEPS, LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 5, 0.01, 0.9, 1e-4
AUXILIARY_WEIGHT = 0.5
MEAN, DEVIATION = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)  # for bytes

PROJECTIONS = 8
BLOCK = 8192  # logits that share projections
PIXELS = 32
MOVES = 36  # one digit of base 36


# --- the formula ---


def hashed(name, count):
    """32 bits for each element: a multiplicative sequence from the name's CRC-32, finished as in MurmurHash3."""
    x = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(zlib.crc32(name.encode()))
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def uniform(name, count):
    """Multiples of 2^-23 in [-1, 1)."""
    return (hashed(name, count) >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def value(name, shape):
    """A tensor of the state dict. Convolutions are uniform with He's deviation, sqrt(2 / fan-in)."""
    u = uniform(name, int(np.prod(shape)))
    if len(shape) == 4:
        u *= np.sqrt(6 / (shape[1] * shape[2] * shape[3]))
    elif name.endswith(".running_var"):
        u = 1 + u / 4
    elif name.endswith(".bn3.weight"):  # of the sum with the shortcut: it would grow from unit to unit
        u = (1 + u / 4) / 4
    elif name.endswith(".weight"):
        u = 1 + u / 4
    else:
        u = u / 4
    return u.astype(np.float32).reshape(shape)


def images(count, height, width):
    """Normalized noise, each image darker than the one before: the batch normalisation of the image-level features has a
    value for each image, and would divide by almost nothing if they were alike. 79 is the number, of the first eighty,
    for which the values in the windows of the pool are furthest apart."""
    hashes = hashed(f"images 79/{count}x{height}x{width}", count * height * width * 3)
    noise = (hashes >> np.uint32(24)).astype(np.int64).reshape(count, height, width, 3)
    pixels = noise * np.arange(count, 0, -1)[:, None, None, None] // count
    return torch.from_numpy((pixels - np.array(MEAN)) / np.array(DEVIATION)).permute(0, 3, 1, 2)


def labels():
    label = (hashed("labels", BATCH * CROP * CROP) % np.uint32(CLASSES + 1)).astype(np.int64)
    label[label == CLASSES] = IGNORED
    return torch.from_numpy(label.reshape(BATCH, CROP, CROP))


def signs(name, count):
    """+1 or -1, [projections, count]."""
    bits = hashed(name + "/signs", count)
    return 1.0 - 2.0 * ((bits >> np.arange(PROJECTIONS, dtype=np.uint32)[:, None]) & np.uint32(1))


# --- the networks ---


def network(depth, moves):
    build = getattr(segmentation, f"deeplabv3_resnet{depth}")
    model = build(weights=None, weights_backbone=None, num_classes=CLASSES, aux_loss=True).double()
    state = {
        name: torch.from_numpy(moved(value(name, tuple(tensor.shape)), moves.get(name)))
        for name, tensor in model.state_dict().items()
        if not name.endswith(".num_batches_tracked")
    }
    model.load_state_dict(state, strict=False)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0
    return model


def moved(shift, digits):
    if digits is None:
        return shift
    return (shift.astype(np.float64) + (np.array(digits) - MOVES // 2) / 32).astype(np.float32)


def find_moves(depth):
    """Digits for the shift of every batch normalisation that is the last before a ReLU, by the shift's name.

    The normalisation before the sum with a projected shortcut is that of the projection.
    """
    model = network(depth, {}).train()
    names = {module: name for name, module in model.named_modules()}
    moves, margins, last = {}, [], []

    def normalized(module, _, output):
        last[:] = [module]

    def before_relu(_, inputs):
        (x,) = inputs
        (norm,) = last
        channels = x.transpose(0, 1).flatten(1)
        candidates = (torch.arange(MOVES, dtype=torch.float64) - MOVES // 2) / 32
        gaps = torch.stack([(channels + move).abs().min(dim=1).values for move in candidates])
        gap, digits = gaps.max(dim=0)
        margins.append(gap.min().item())
        moves[names[norm] + ".bias"] = digits.numpy()
        return (x + candidates[digits][:, None, None],)

    def before_pool(_, inputs):
        first, second = windows(inputs[0]).topk(2, dim=1).values.unbind(dim=1)
        margins.append((first - second)[first > 0].min().item())

    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.register_forward_hook(normalized)
        elif isinstance(module, torch.nn.ReLU):
            module.register_forward_pre_hook(before_relu)
        elif isinstance(module, torch.nn.MaxPool2d):
            module.register_forward_pre_hook(before_pool)
    with torch.no_grad():
        model(images(BATCH, CROP, CROP))
    print(f"  units are at least {min(margins):.1e} from switching")
    return moves


def windows(x):
    """Those of a pool of 3x3 and stride 2, [images and channels, 9, windows]."""
    return torch.nn.functional.unfold(x.flatten(0, 1)[:, None], 3, padding=1, stride=2)


def logits(model, size):
    """[height, width, classes]."""
    with torch.no_grad():
        scores = model.eval()(images(1, *size).to(next(model.parameters()).dtype))["out"]
    return scores[0].permute(1, 2, 0).double().numpy()


def training(model):
    """The losses of all steps; the gradients and moving averages of the first."""
    x = images(BATCH, CROP, CROP).to(next(model.parameters()).dtype)
    target = labels()
    optimizer = torch.optim.SGD(
        model.train().parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY
    )
    losses, gradients, averages = [], {}, {}
    for step in range(STEPS):
        optimizer.zero_grad()
        output = model(x)
        out, aux = (cross_entropy(output[name], target, ignore_index=IGNORED) for name in ("out", "aux"))
        loss = out + AUXILIARY_WEIGHT * aux
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: p.grad.double().numpy().flatten() for name, p in model.named_parameters()}
            averages = {
                name: buffer.double().numpy().copy()
                for name, buffer in model.named_buffers()
                if ".running_" in name
            }
        optimizer.step()
    return losses, gradients, averages


# --- the files ---


def write(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(line + "\n" for line in lines))
    print(f"  {path.name}: {path.stat().st_size:,} bytes")


def numbers(values, digits=9):
    return " ".join(f"{value:.{digits}g}" for value in values)


def tensor_lines(model, moves):
    for name, tensor in model.state_dict().items():
        if not name.endswith(".num_batches_tracked"):
            digits = "".join(np.base_repr(digit, 36).lower() for digit in moves.get(name, ()))
            yield f"{name} {','.join(map(str, tensor.shape))} {digits}".rstrip()


def logit_lines(size, scores):
    height, width = size
    key = f"{height}x{width}"
    yield f"{key} {np.abs(scores).max():.9g}"
    rows, columns = (hashed(f"{key}/{axis}", PIXELS) for axis in ("rows", "columns"))
    corners = [(0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1)]
    inner = [(int(y) % height, int(x) % width) for y, x in zip(rows, columns)]
    for y, x in (corners + inner)[:PIXELS]:
        yield f"{key}/pixel/{y},{x} {numbers(scores[y, x], 7)}"
    flat = scores.reshape(-1)
    projected = signs(key, flat.size) * flat
    for block, begin in enumerate(range(0, flat.size, BLOCK)):
        yield f"{key}/block/{block} {numbers(projected[:, begin:begin + BLOCK].sum(axis=1))}"


def sketch_lines(tensors):
    for name, tensor in tensors.items():
        largest = np.argsort(-np.abs(tensor), kind="stable")[:3]
        entries = " ".join(f"{index}:{tensor[index]:.7g}" for index in largest)
        yield f"{name} {np.linalg.norm(tensor):.9g} {numbers(signs(name, tensor.size) @ tensor)} {entries}"


def main(folder):
    for depth in (50, 101):
        print(f"deeplabv3_resnet{depth}")
        directory = folder / f"resnet{depth}"
        moves = find_moves(depth)
        write(directory / "tensors.txt", tensor_lines(network(depth, moves), moves))
        lines, floors = [], []
        for size in SIZES:
            exact = logits(network(depth, moves), size)
            lines += logit_lines(size, exact)
            floors.append(np.abs(logits(network(depth, moves).float(), size) - exact).max() / np.abs(exact).max())
        write(directory / "logits.txt", lines)
        losses, gradients, averages = training(network(depth, moves))
        write(directory / "losses.txt", [f"{step} {loss:.9g}" for step, loss in enumerate(losses)])
        write(directory / "gradients.txt", sketch_lines(gradients))
        write(directory / "averages.txt", sketch_lines(averages))
        losses32, gradients32, averages32 = training(network(depth, moves).float())
        print(f"  float32: logits {max(floors):.1e}, losses {max(abs(a / b - 1) for a, b in zip(losses32, losses)):.1e}")
        for what, rounded, exact in (("gradients", gradients32, gradients), ("averages", averages32, averages)):
            errors = {name: np.linalg.norm(rounded[name] - exact[name]) / np.linalg.norm(exact[name]) for name in exact}
            worst = max(errors, key=errors.get)
            print(f"  float32: {what} {errors[worst]:.1e} ({worst})")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
