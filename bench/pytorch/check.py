"""Loads an exported network into PyTorch and classifies images, for `npm run export`.

usage: check.py WEIGHTS.safetensors IMAGES   (IMAGES: bytes, 28 x 28 each)
Prints the probabilities as JSON, [images][10].
"""

import json
import sys

import torch

from images import normalised, read
from network import Network

weights, images = sys.argv[1:]
network = Network()
network.load(weights)
network.eval()
with torch.no_grad():
    print(json.dumps(network(normalised(read(images))).softmax(1).tolist()))
