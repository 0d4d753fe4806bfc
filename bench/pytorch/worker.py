"""The report's network in PyTorch, as measured by `npm run bench`: training steps, or inference.

usage: worker.py [THREADS]
Exchanges lines of JSON: prints what it computes on, reads {"mode": "train" or "infer", "batch": …}, and answers each
{"steps": …} with the seconds of each step and its resident sizes in bytes, as in bench/backends/process.ts.
"""

import json
import os
import resource
import sys
import time

import torch
from torch import nn

from network import Network

if len(sys.argv) > 1:
    torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


def send(message):
    print(json.dumps(message), flush=True)


def make_step(mode, batch):
    network = Network()
    images = torch.randn(batch, 1, 28, 28)
    labels = torch.arange(batch) % 10
    loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-4)

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
    return train if mode == "train" else infer


def timed(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def memory():
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # In KiB, on macOS in bytes. Linux gives the current size in pages; elsewhere the peak has to do.
    peak_bytes = peak if sys.platform == "darwin" else peak * 1024
    try:
        with open("/proc/self/statm") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        resident = peak_bytes
    return {"residentBytes": resident, "peakBytes": peak_bytes}


send({"ok": True, "device": "CPU", "versions": {"torch": torch.__version__}, "details": [], "emulated": False})
step = None
for line in sys.stdin:
    message = json.loads(line)
    if "mode" in message:
        step = make_step(message["mode"], message["batch"])
    else:
        send({"seconds": [timed(step) for _ in range(message["steps"])], **memory()})
