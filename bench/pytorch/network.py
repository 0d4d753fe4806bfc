"""The report's network in PyTorch (its section 3.1)."""

import json
import struct

import torch
from torch import nn

BLOCKS = (64, 128, 256)
BLOCK_DROPOUT = 0.25
DENSE = ((512, 0.5), (256, 0.5), (128, 0.3))
CLASSES = 10


class Network(nn.Sequential):
    """Takes normalised images [n, 1, 28, 28], gives logits [n, 10]. Layers are named as the published ones."""

    def __init__(self):
        super().__init__()
        channels = 1
        for block, outputs in enumerate(BLOCKS, 1):
            for number in (2 * block - 1, 2 * block):
                self.add_module(f"conv{number}", nn.Conv2d(channels, outputs, 3, padding=1))
                self.add_module(f"bn{number}", nn.BatchNorm2d(outputs))
                self.add_module(f"relu{number}", nn.ReLU())
                channels = outputs
            self.add_module(f"pool{block}", nn.MaxPool2d(2))
            self.add_module(f"dropout{block}", nn.Dropout(BLOCK_DROPOUT))
        self.add_module("flatten", nn.Flatten())
        units = 3 * 3 * channels
        for layer, (outputs, rate) in enumerate(DENSE, 1):
            number = 2 * len(BLOCKS) + layer
            self.add_module(f"dense{layer}", nn.Linear(units, outputs))
            self.add_module(f"bn{number}", nn.BatchNorm1d(outputs))
            self.add_module(f"relu{number}", nn.ReLU())
            self.add_module(f"dropout{len(BLOCKS) + layer}", nn.Dropout(rate))
            units = outputs
        self.add_module(f"dense{len(DENSE) + 1}", nn.Linear(units, CLASSES))
        assert sum(parameter.numel() for parameter in self.parameters()) == 2_493_514

    def load(self, path):
        """Takes the weights of a safetensors file (float32 and float16), which has one for every tensor and no other."""
        with open(path, "rb") as file:
            length = struct.unpack("<Q", file.read(8))[0]
            header = json.loads(file.read(length))
            data = bytearray(file.read())
        tensors = {}
        for name, entry in header.items():
            if name != "__metadata__":
                begin, end = entry["data_offsets"]
                dtype = {"F32": torch.float32, "F16": torch.float16}[entry["dtype"]]
                values = torch.frombuffer(data[begin:end], dtype=dtype)
                tensors[name] = values.float().reshape(entry["shape"])
        self.load_state_dict(tensors)
