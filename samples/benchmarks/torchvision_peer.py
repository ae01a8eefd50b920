"""torchvision's DeepLabv3 on PyTorch, as its references train and run it: the peer of `bench`.

Needs torch and torchvision. Weights and data are random; the model and its sizes are those of the
options. Convolutions work in channels_last, which is the fastest layout on a CPU.
"""
import measure

args = measure.options(__doc__)

from pathlib import Path

import torch
import torchvision
from PIL import Image
from torch.nn import functional
from torchvision.transforms import v2


def build():
    maker = getattr(torchvision.models.segmentation, "deeplabv3_" + args.backbone)
    net = maker(weights=None, weights_backbone=None, num_classes=21, aux_loss=args.mode == "train")
    if args.weights:
        net.load_state_dict(torch.load(args.weights, weights_only=True), strict=args.mode == "train")
    return net.to(memory_format=torch.channels_last)


def autocast():
    return torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bfloat16")


def images(height, width):
    x = torch.rand(args.batch_size, 3, height, width)
    return x.contiguous(memory_format=torch.channels_last)


def training():
    net = build().train()
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=1e-4)
    x = images(args.crop, args.crop)
    labels = torch.randint(0, 21, (args.batch_size, args.crop, args.crop))
    forward = torch.compile(net) if args.compile else net

    def step():
        optimizer.zero_grad(set_to_none=True)
        with autocast():
            out = forward(x)
            loss = functional.cross_entropy(out["out"], labels, ignore_index=255)
            loss = loss + 0.5 * functional.cross_entropy(out["aux"], labels, ignore_index=255)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def prediction():
    net = build().eval()
    x = images(args.crop, args.crop)
    forward = torch.compile(net) if args.compile else net

    def predict():
        with torch.inference_mode(), autocast():
            return forward(x)["out"].argmax(1).byte()

    return predict


def multi_scale():
    """Six scales, mirrored and not, averaged probabilities, as section 4.1 of the paper."""
    net = build().eval()
    x = images(args.height, args.width)

    def predict():
        total = torch.zeros(args.batch_size, 21, args.height, args.width)
        with torch.inference_mode():
            for scale in (0.5, 0.75, 1.0, 1.25, 1.5, 1.75):
                size = (round(args.height * scale), round(args.width * scale))
                scaled = functional.interpolate(x, size, mode="bilinear", align_corners=False)
                for flip in (False, True):
                    with autocast():
                        scores = net(scaled.flip(3) if flip else scaled)["out"].float()
                    scores = functional.interpolate(
                        scores, (args.height, args.width), mode="bilinear", align_corners=False)
                    total += (scores.flip(3) if flip else scores).softmax(1)
            return total.argmax(1).byte()

    return predict


class Segmentation(torch.utils.data.Dataset):
    """Samples of a VOC folder with the transforms of torchvision's references, version 2."""

    def __init__(self, root, crop):
        self.root = Path(root)
        self.names = (self.root / "ImageSets/Segmentation/train.txt").read_text().split()
        short = min(Image.open(self.root / "JPEGImages" / (self.names[0] + ".jpg")).size)
        fill = {torchvision.tv_tensors.Image: (124, 116, 104), torchvision.tv_tensors.Mask: 255}
        # Turned and recoloured behind the crop, where there are the fewest pixels.
        more = [
            v2.RandomVerticalFlip(0.5),
            v2.RandomRotation(10, interpolation=v2.InterpolationMode.BILINEAR, fill=fill),
            v2.ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1),
        ] if args.augment else []
        self.transform = v2.Compose([
            v2.RandomResize(min_size=short // 2, max_size=short * 2, antialias=True),
            v2.RandomHorizontalFlip(0.5),
            v2.RandomCrop(crop, pad_if_needed=True, fill=fill),
            *more,
            v2.ToDtype({torchvision.tv_tensors.Image: torch.float32, "others": None}, scale=True),
            v2.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ])

    def __len__(self):
        return 1 << 30

    def __getitem__(self, index):
        name = self.names[index % len(self.names)]
        image = Image.open(self.root / "JPEGImages" / (name + ".jpg")).convert("RGB")
        mask = Image.open(self.root / "SegmentationClass" / (name + ".png"))
        image = torchvision.tv_tensors.Image(torchvision.transforms.functional.pil_to_tensor(image))
        mask = torchvision.tv_tensors.Mask(torchvision.transforms.functional.pil_to_tensor(mask))
        return self.transform(image, mask)


def loading():
    """One worker process, so that the figure is that of a core."""
    torch.set_num_threads(1)
    data = Segmentation(args.data, args.crop)
    loader = torch.utils.data.DataLoader(data, batch_size=args.batch_size, num_workers=1)
    batches = iter(loader)
    return lambda: next(batches)


torch.manual_seed(1)
torch.set_num_threads(args.threads)
work = {"train": training, "predict": prediction, "multiscale": multi_scale, "input": loading}
measure.run(work[args.mode](), args.batch_size, args)
