"""Loads an exported network into PyTorch and classifies images, for `npm run export`.

usage: check.py WEIGHTS.safetensors IMAGES   (IMAGES: bytes, 28 x 28 each)
Prints the probabilities as JSON, [images][10].
"""

import json
import struct
import sys

import torch

from images import normalised, read
from network import Network


def read_safetensors(path):
    """The tensors of a safetensors file (float32 only)."""
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4)
            tensors[name] = values.reshape(entry["shape"])
    return tensors


weights, images = sys.argv[1:]
network = Network()
# Strict: every tensor of the file has its place, and every weight of the network its tensor.
network.load_state_dict(read_safetensors(weights))
network.eval()
with torch.no_grad():
    print(json.dumps(network(normalised(read(images))).softmax(1).tolist()))
