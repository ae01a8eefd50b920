"""Writes torchvision's deeplabv3_resnet50 as TorchScript, for the peer DJL of compare.py.

    python export_torchscript.py FILE [--crop 513] [--batch-size 1]

Needs torch and torchvision. The module takes float images, N x 3 x crop x crop, and gives labels of a byte each. It has
random weights, is in eval mode and traced at that size, and torch.jit.freeze has folded its constants, as PyTorch's
guide advises for inference. Convolutions work in channels_last, which is the fastest layout on a CPU.
"""
import argparse

import torch
import torchvision

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("file")
parser.add_argument("--crop", type=int, default=513)
parser.add_argument("--batch-size", type=int, default=1)
parser.add_argument("--no-freeze", dest="freeze", action="store_false", help="the trace as it is")
args = parser.parse_args()


class Labels(torch.nn.Module):
    """From images to the best class of each pixel."""

    def __init__(self):
        super().__init__()
        self.net = torchvision.models.segmentation.deeplabv3_resnet50(
            weights=None, weights_backbone=None, num_classes=21, aux_loss=False).to(memory_format=torch.channels_last)

    def forward(self, images):
        images = images.contiguous(memory_format=torch.channels_last)
        return self.net(images)["out"].argmax(1).byte()


torch.manual_seed(1)
with torch.inference_mode():
    traced = torch.jit.trace(Labels().eval(), torch.rand(args.batch_size, 3, args.crop, args.crop), check_trace=False)
    if args.freeze:
        traced = torch.jit.freeze(traced)
traced.save(args.file)
