"""Writes the image files of ImageFormatsTest, and what Pillow reads of them.

    python3 -m venv venv && venv/bin/pip install pillow==12.3.0 numpy
    venv/bin/python runtime/src/test/resources/images/make.py

expected.txt has a line for each file: its name, width, height, and the RGB values of the pixels at
the centres of a 4 x 3 grid, as Pillow shows the file.
"""

import io
import pathlib
import struct

import numpy as np
from PIL import Image, ImageCms, ImageOps, TiffImagePlugin

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 32, 24
ORIENTATION = 274

y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
pixels = np.stack(
    [x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x + y) * 255 // (HEIGHT + WIDTH - 2)], -1
).astype("uint8")
pixels[2:10, 2:10] = (200, 30, 30)
pixels[2:10, 20:28] = (66, 66, 66)
pixels[14:22, 2:10] = (20, 180, 60)
base = Image.fromarray(pixels)


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **{"quality": 95, "subsampling": 0, **options})
    return bytearray(out.getvalue())


def segments(data):
    at = 2
    while True:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield data[at + 1], at, length
        if data[at + 1] == 0xDA:
            return
        at += 2 + length


def without(data, marker):
    for found, at, length in segments(data):
        if found == marker:
            return data[:at] + data[at + 2 + length :]
    raise ValueError(marker)


def with_ids(data, ids):
    data = bytearray(data)
    for found, at, _ in segments(data):
        for i, value in enumerate(ids):
            if found in (0xC0, 0xC2):
                data[at + 10 + 3 * i] = value
            if found == 0xDA:
                data[at + 5 + 2 * i] = value
    return data


def with_transform(data, transform):
    """Says in a marker of Adobe how colours were transformed."""
    marker = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
    for found, at, length in segments(data):
        if found == 0xEE:
            data = without(data, 0xEE)
    end = 20 if data[3] == 0xE0 else 2  # behind JFIF, which comes first
    return data[:end] + marker + data[end:]


def inks():
    """CMYK with black."""
    rgb = np.asarray(base) / 255
    key = 1 - rgb.max(-1)
    rest = np.maximum(1 - key, 1e-6)
    cmy = (1 - rgb - key[..., None]) / rest[..., None]
    values = np.concatenate([cmy, key[..., None]], -1).clip(0, 1)
    return Image.frombytes("CMYK", base.size, (values * 255 + 0.5).astype("uint8").tobytes())


def ycck(image):
    """The same inks, the three colours as luma and chroma of their inverse."""
    stored = 255 - np.asarray(image)
    ycc = np.asarray(Image.fromarray(255 - stored[..., :3]).convert("YCbCr"))
    values = np.concatenate([ycc, stored[..., 3:]], -1)
    data = jpeg(Image.frombytes("CMYK", image.size, (255 - values).tobytes()))
    return with_transform(data, 2)


def profile(name):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def swapped_profile():
    """sRGB with red and green exchanged: applying it can't be overlooked."""
    data = bytearray(profile("sRGB"))
    count = struct.unpack(">I", data[128:132])[0]
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    data[red : red + 8], data[green : green + 8] = data[green : green + 8], data[red : red + 8]
    return bytes(data)


def files():
    plain = jpeg(base)
    bare = without(plain, 0xE0)
    yield "plain.jpg", plain
    yield "subsampled.jpg", jpeg(base, subsampling=2)
    yield "progressive.jpg", jpeg(base, progressive=True)
    yield "restart_markers.jpg", jpeg(base, restart_marker_blocks=2)
    yield "grey.jpg", jpeg(base.convert("L"))
    yield "no_jfif.jpg", bare
    yield "no_jfif_ids_012.jpg", with_ids(bare, (0, 1, 2))
    yield "no_jfif_ids_012_subsampled.jpg", with_ids(
        without(jpeg(base, subsampling=2), 0xE0), (0, 1, 2)
    )
    yield "no_jfif_ids_ycc.jpg", with_ids(without(jpeg(base, subsampling=2), 0xE0), b"YCc")
    yield "no_jfif_ids_rgb.jpg", with_ids(bare, b"RGB")
    yield "jfif_ids_rgb.jpg", with_ids(plain, b"RGB")
    yield "adobe_rgb.jpg", with_transform(bare, 0)
    yield "adobe_ycc.jpg", with_transform(bare, 1)
    yield "adobe_odd_transform.jpg", with_transform(bare, 2)
    yield "jfif_and_adobe_rgb.jpg", with_transform(plain, 0)
    yield "kept_rgb.jpg", jpeg(base, keep_rgb=True)
    yield "cmyk_adobe.jpg", jpeg(inks())
    yield "cmyk_plain.jpg", without(jpeg(inks()), 0xEE)
    yield "cmyk_ycck.jpg", ycck(inks())
    yield "cmyk_profile.jpg", jpeg(inks(), icc_profile=profile("sRGB"))
    yield "profile.jpg", jpeg(base, icc_profile=swapped_profile())
    yield "profile_lab.jpg", jpeg(base, icc_profile=profile("LAB"))
    yield "profile_junk.jpg", jpeg(base, icc_profile=b"junk" * 50)
    for value in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = value
        yield f"orientation_{value}.jpg", jpeg(base, exif=exif.tobytes())
        tags = TiffImagePlugin.ImageFileDirectory_v2()
        tags[ORIENTATION] = value
        if value in (3, 6):
            yield f"orientation_{value}.png", saved("PNG", base, exif=exif.tobytes())
            yield f"orientation_{value}.tif", saved("TIFF", base, tiffinfo=tags)
    yield "profile.png", saved("PNG", base, icc_profile=swapped_profile())
    yield "profile.tif", saved("TIFF", base, icc_profile=swapped_profile())
    yield "cmyk.tif", saved("TIFF", inks())
    alpha = base.convert("RGBA")
    alpha.putalpha(Image.fromarray((x * 8 % 256).astype("uint8")))
    yield "alpha.png", saved("PNG", alpha)
    yield "alpha.tif", saved("TIFF", alpha)
    yield "grey_alpha.png", saved("PNG", alpha.convert("LA"))
    yield "transparent_grey.png", saved("PNG", base.convert("L"), transparency=66)
    yield "transparent_palette.png", saved("PNG", base.convert("P"), transparency=0)
    yield "animated.gif", saved(
        "GIF", base.convert("P"), save_all=True, append_images=[Image.new("P", base.size, 3)]
    )
    yield "pages.tif", saved("TIFF", base, save_all=True, append_images=[base.convert("L")])
    yield "bits.tif", saved("TIFF", base.convert("1"), compression="group4")
    mask = np.zeros((HEIGHT, WIDTH), "uint8")
    mask[:5, :5] = 1
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    yield "mask.png", saved("PNG", Image.fromarray(mask))
    yield "mask_orientation_6.png", saved("PNG", Image.fromarray(mask), exif=exif.tobytes())
    yield "png_named.jpg", saved("PNG", base)


def saved(format, image, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def main():
    lines = []
    for name, data in files():
        (HERE / name).write_bytes(bytes(data))
        shown = ImageOps.exif_transpose(Image.open(io.BytesIO(bytes(data)))).convert("RGB")
        width, height = shown.size
        values = [
            shown.getpixel(((2 * i + 1) * width // 8, (2 * j + 1) * height // 6))
            for j in range(3)
            for i in range(4)
        ]
        numbers = " ".join(str(v) for value in values for v in value)
        lines.append(f"{name} {width} {height} {numbers}\n")
    (HERE / "expected.txt").write_text("".join(lines))


if __name__ == "__main__":
    main()
