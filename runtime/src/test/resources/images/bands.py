"""Writes the image files of BandsTest.

    python3 -m venv venv && venv/bin/pip install tifffile imagecodecs numpy pillow
    venv/bin/python runtime/src/test/resources/images/bands.py

The value of band b at (x, y) is ((18 y + x) * bands + b) * 7, modulo 256, in files of 8 bits, and times 773, modulo
65536, in those of 16.
"""

import pathlib
import struct

import numpy as np
import tifffile
from PIL import Image

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 18, 20


def values(bands, kind="uint8"):
    factor = 773 if kind == "uint16" else 7
    return (np.arange(HEIGHT * WIDTH * bands) * factor).reshape(HEIGHT, WIDTH, bands).astype(kind)


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
write("deep_1.tif", 1, "uint16")
write("deep_3.tif", 3, "uint16", compression="deflate", tile=(16, 16))
write("deep_4.tif", 4, "uint16")
write("deep_4_big_endian.tif", 4, "uint16", byteorder=">")
write("deep_4_lzw_predictor.tif", 4, "uint16", compression="lzw", predictor=True, tile=(16, 16))
write("deep_4_big_endian_predictor.tif", 4, "uint16", byteorder=">", compression="deflate", predictor=True)
write("deep_5_planar_tiled.tif", 5, "uint16", planar=True, tile=(16, 16))
write("deep_5_planar_predictor.tif", 5, "uint16", planar=True, compression="deflate", predictor=True, rowsperstrip=7)
write("deep_13_turned_predictor.tif", 13, "uint16", compression="deflate", predictor=True, tile=(16, 16),
      extratags=[(274, 3, 1, 6, True)])
def with_predictor(name, **options):
    """A tag that means nothing without a compression that knows predictors: values are stored as they are."""
    write(name, 4, "uint16", extratags=[(316, 3, 1, 2, True)], **options)
    entry = struct.pack("<HHIH", 316, 3, 1, 2)
    data = (HERE / name).read_bytes()
    assert data.count(entry) == 1
    (HERE / name).write_bytes(data.replace(entry, struct.pack("<HHIH", 317, 3, 1, 2)))


with_predictor("deep_4_predictor_without_compression.tif")
with_predictor("deep_4_packbits.tif", compression="packbits")
tifffile.imwrite(HERE / "deep_1_of_12_bits.tif", values(1, "uint16")[..., 0] % 4096, photometric="minisblack", bitspersample=12)
Image.fromarray(values(1, "uint16")[..., 0]).save(HERE / "deep_1.png")
Image.fromarray(values(1)[..., 0]).save(HERE / "bands_1.png")
Image.fromarray(values(2), "LA").save(HERE / "bands_2.png")
Image.fromarray(values(4), "RGBA").save(HERE / "bands_4.png")
