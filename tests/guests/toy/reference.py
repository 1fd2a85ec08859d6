"""The pictures that ToyVM's are compared with, computed without anything of VMKit.

Run: python3 reference.py. Writes NAME.pgm (iterations per point, plain netpbm P2) for the small views, and hashes.txt with the SHA-256 of
the iterations, one decimal number per line, for the large ones.
"""
import hashlib
import pathlib

# name: width, height, limit, centre, width of the part of the plane
SMALL = {
    "whole": (64, 48, 200, complex(-0.6, 0.0), 3.2),
    "valley": (80, 60, 1000, complex(-0.7436, 0.1318), 0.0125),
    "tall": (9, 31, 50, complex(-0.1, 0.85), 0.7),
}
LARGE = {"default": (640, 480, 200, complex(-0.6, 0.0), 3.2)}


def picture(width, height, limit, centre, across):
    step = across / width
    for y in range(height):
        im = centre.imag - (y - (height - 1) / 2) * step
        for x in range(width):
            c = complex(centre.real + (x - (width - 1) / 2) * step, im)
            z = complex(0.0, 0.0)
            n = 0
            while z.real * z.real + z.imag * z.imag <= 4.0 and n < limit:
                z = z * z + c
                n += 1
            yield n


here = pathlib.Path(__file__).parent
for name, view in SMALL.items():
    width, height, limit = view[:3]
    counts = list(picture(*view))
    rows = [" ".join(map(str, counts[i : i + width])) for i in range(0, len(counts), width)]
    text = f"P2\n# {limit} iterations, centre {view[3].real},{view[3].imag}, across {view[4]}\n{width} {height}\n{limit}\n"
    (here / f"{name}.pgm").write_text(text + "\n".join(rows) + "\n")
with (here / "hashes.txt").open("w") as out:
    for name, view in LARGE.items():
        digest = hashlib.sha256("".join(f"{n}\n" for n in picture(*view)).encode()).hexdigest()
        out.write(f"{name} {digest}\n")
