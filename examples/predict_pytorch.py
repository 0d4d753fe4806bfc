"""The garment in a picture, by PyTorch.

pip install numpy pillow safetensors torch
python predict_pytorch.py <folder with model.safetensors> <picture>
"""

import json
import sys
from collections import OrderedDict
from pathlib import Path

import numpy
import torch
from PIL import Image
from safetensors import safe_open
from torch import nn


def network():
    """The report's network for prediction, that is without dropout; layers are named as in the file."""
    layers, channels = OrderedDict(), 1
    for number, filters in enumerate((64, 64, 128, 128, 256, 256), 1):
        layers[f"conv{number}"] = nn.Conv2d(channels, filters, 3, padding=1)
        layers[f"bn{number}"] = nn.BatchNorm2d(filters)
        layers[f"relu{number}"] = nn.ReLU()
        if number % 2 == 0:
            layers[f"pool{number}"] = nn.MaxPool2d(2)
        channels = filters
    layers["flatten"] = nn.Flatten()
    inputs = 3 * 3 * channels
    for number, units in enumerate((512, 256, 128), 1):
        layers[f"dense{number}"] = nn.Linear(inputs, units)
        layers[f"bn{number + 6}"] = nn.BatchNorm1d(units)
        layers[f"relu{number + 6}"] = nn.ReLU()
        inputs = units
    layers["dense4"] = nn.Linear(inputs, 10)
    return nn.Sequential(layers).eval()


folder, picture = sys.argv[1:]
model = network()
with safe_open(Path(folder) / "model.safetensors", "pt") as file:
    model.load_state_dict({name: file.get_tensor(name) for name in file.keys()})
    classes = json.loads(file.metadata()["classes"])

# 28 x 28 grey values, a light garment on black, normalised as in training.
grey = Image.open(picture).convert("L").resize((28, 28))
images = torch.from_numpy(numpy.array(grey)).float().reshape(1, 1, 28, 28)
with torch.no_grad():
    probabilities = model((images / 255 - 0.2860) / 0.3530).softmax(1)[0]
best = probabilities.argmax().item()
print(f"{classes[best]}, {probabilities[best]:.1%}")
