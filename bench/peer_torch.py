"""Times the report's network in PyTorch: one training step, and inference, of a batch of 256 images.

Run by `npm run bench`, which reads the JSON lines that this prints.
usage: peer_torch.py THREADS BATCH MODE ROUNDS   (MODE: train or infer)
"""

import json
import resource
import sys
import time

import torch
from torch import nn

threads, batch, mode, rounds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)


def block(inputs, outputs):
    layers = []
    for channels in (inputs, outputs):
        layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return [*layers, nn.MaxPool2d(2), nn.Dropout(0.25)]


def dense(inputs, outputs, rate):
    return [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU(), nn.Dropout(rate)]


network = nn.Sequential(
    *block(1, 64),
    *block(64, 128),
    *block(128, 256),
    nn.Flatten(),
    *dense(2304, 512, 0.5),
    *dense(512, 256, 0.5),
    *dense(256, 128, 0.3),
    nn.Linear(128, 10),
)
assert sum(parameter.numel() for parameter in network.parameters()) == 2_493_514
loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)
optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-4)
images = torch.randn(batch, 1, 28, 28)
labels = torch.arange(batch) % 10


def train():
    optimiser.zero_grad()
    loss = loss_function(network(images), labels)
    loss.backward()
    optimiser.step()
    return loss.item()


def infer():
    with torch.no_grad():
        return network(images).sum().item()


if mode == "infer":
    network.eval()
step = train if mode == "train" else infer
for _ in range(rounds):
    start = time.perf_counter()
    step()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peakBytes": peak, "version": torch.__version__}), flush=True)
