"""Images as the published networks take them."""

import torch

MEAN, DEVIATION = 0.2860, 0.3530


def read(path):
    """A file of bytes, 28 x 28 an image, as [n, 1, 28, 28]."""
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(-1, 1, 28, 28)


def normalised(pixels):
    return (pixels.float() / 255 - MEAN) / DEVIATION
