"""Writes the image files of BandsTest.

    python3 -m venv venv && venv/bin/pip install tifffile numpy pillow
    venv/bin/python runtime/src/test/resources/images/bands.py

The value of band b at (x, y) is ((18 y + x) * bands + b) * 7, modulo 256 in files of 8 bits.
"""

import pathlib

import numpy as np
import tifffile
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 18, 20


def values(bands, kind="uint8"):
    return (np.arange(HEIGHT * WIDTH * bands) * 7).reshape(HEIGHT, WIDTH, bands).astype(kind)


def write(name, bands, kind="uint8", planar=False, **options):
    array = values(bands, kind)
    array = np.moveaxis(array, 2, 0) if planar else array
    tifffile.imwrite(
        HERE / name, array if bands > 1 else array[..., 0], photometric="minisblack",
        planarconfig="separate" if planar else "contig" if bands > 1 else None,
        extrasamples=[0] * (bands - 1) if bands > 1 else None, **options)


write("bands_1.tif", 1)
write("bands_2_planar.tif", 2, planar=True)
write("bands_4_lzw_tiled.tif", 4, compression="lzw", tile=(16, 16))
write("bands_5_planar_tiled.tif", 5, planar=True, tile=(16, 16))
write("bands_13_deflate_predictor.tif", 13, compression="deflate", predictor=True, rowsperstrip=7)
write("bands_4_of_16_bits.tif", 4, "uint16")
Image.fromarray(values(1)[..., 0]).save(HERE / "bands_1.png")
Image.fromarray(values(2), "LA").save(HERE / "bands_2.png")
Image.fromarray(values(4), "RGBA").save(HERE / "bands_4.png")
