"""Loads an exported network into PyTorch and classifies images, for `npm run export`.

usage: check_torch.py WEIGHTS.safetensors IMAGES COUNT   (IMAGES: bytes, 28 x 28 each)
Prints the probabilities as JSON, [COUNT][10].
"""

import json
import struct
import sys

import torch
from torch import nn


def read(path):
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


class Network(nn.Module):
    """The report's network, its layers named as in the file."""

    def __init__(self):
        super().__init__()
        channels = 1
        for number, outputs in enumerate((64, 64, 128, 128, 256, 256), 1):
            self.add_module(f"conv{number}", nn.Conv2d(channels, outputs, 3, padding=1))
            self.add_module(f"bn{number}", nn.BatchNorm2d(outputs))
            channels = outputs
        units = 2304
        for number, outputs in enumerate((512, 256, 128), 1):
            self.add_module(f"dense{number}", nn.Linear(units, outputs))
            self.add_module(f"bn{number + 6}", nn.BatchNorm1d(outputs))
            units = outputs
        self.dense4 = nn.Linear(units, 10)

    def forward(self, x):
        layers = self._modules
        for number in range(1, 7):
            x = torch.relu(layers[f"bn{number}"](layers[f"conv{number}"](x)))
            if number % 2 == 0:
                x = torch.max_pool2d(x, 2)
        x = x.flatten(1)
        for number in range(1, 4):
            x = torch.relu(layers[f"bn{number + 6}"](layers[f"dense{number}"](x)))
        return self.dense4(x).softmax(1)


weights, images, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
network = Network()
# Strict: every tensor of the file has its place, and every weight of the network its tensor.
network.load_state_dict(read(weights))
network.eval()
with open(images, "rb") as file:
    pixels = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8, count=count * 784)
x = (pixels.reshape(count, 1, 28, 28).float() / 255 - 0.2860) / 0.3530
with torch.no_grad():
    print(json.dumps(network(x).tolist()))
