"""The report's network in PyTorch, as measured by `npm run bench`: training steps, or inference, in float32.

usage: worker.py LAYOUT [THREADS]   (LAYOUT: contiguous or channels_last, how images and kernels lie in memory)
Exchanges lines of JSON, as in bench/backends/process.ts: prints what it computes on; answers {"check": …} with losses,
{"mode": "train" or "infer", "batch": …} with nothing, and each {"steps": …} with the seconds of each step, those of
the CPU in all of them, and its resident sizes in bytes. A step's time ends when its result is read.
"""

import json
import os
import re
import resource
import sys
import time

import torch
from torch import nn

from images import normalised, read
from network import Network

LAYOUT = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}[sys.argv[1]]
if len(sys.argv) > 2:
    torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(0)

# Of a product of two matrices of this size; the reference BLAS reaches a thirtieth of a fast one.
PRODUCT = 2048
SLOW_GFLOPS_PER_THREAD = 10


def send(message):
    print(json.dumps(message), flush=True)


def product_rate():
    """GFLOP/s of PyTorch's matrix product, the best of three."""
    a, b = torch.randn(PRODUCT, PRODUCT), torch.randn(PRODUCT, PRODUCT)
    return max(2 * PRODUCT**3 / timed(lambda: (a @ b)[0, 0].item()) / 1e9 for _ in range(3))


def build():
    """What decides PyTorch's speed here, a line each."""
    config = torch.__config__.show()
    kept = re.findall(r"Intel\(R\) MKL-DNN v[\d.]+|oneDNN v[\d.]+|CPU capability usage: \S+|BLAS_INFO=\w+", config)
    lines = [f"torch.__config__: {', '.join(kept)}"]
    try:
        with open("/proc/self/maps") as file:
            libraries = sorted(set(re.findall(r"/\S*(?:blas|mkl_core|blis)\S*\.so\S*", file.read())))
        lines.append(f"BLAS loaded: {', '.join(map(os.path.realpath, libraries)) or 'the one built into PyTorch'}")
    except OSError:
        pass
    rate = product_rate()
    lines.append(f"a product of {PRODUCT}² runs at {rate:.0f} GFLOP/s on {torch.get_num_threads()} threads")
    if rate < SLOW_GFLOPS_PER_THREAD * torch.get_num_threads():
        lines.append("That is slow: install a fast BLAS (on Debian: apt-get install libopenblas0-pthread).")
    if "/dist-packages/" in torch.__file__:
        lines.append("This is the system's package; the wheel from PyPI was not measured.")
    return lines


def loss_function():
    return nn.CrossEntropyLoss(label_smoothing=0.1)


def check(weights, images):
    """Losses and the norm of the gradients without dropout, to be compared with other engines."""
    network = Network()
    network.load(weights)
    network.to(memory_format=LAYOUT)
    for layer in network:
        if isinstance(layer, nn.Dropout):
            layer.p = 0
    inputs = normalised(read(images)).contiguous(memory_format=LAYOUT)
    labels = torch.arange(len(inputs)) % 10
    network.eval()
    inference = loss_function()(network(inputs), labels).item()
    network.train()
    training = loss_function()(network(inputs), labels)
    training.backward()
    squares = sum((parameter.grad.double() ** 2).sum().item() for parameter in network.parameters())
    return {"training": training.item(), "inference": inference, "gradient": squares**0.5}


def make_step(mode, batch):
    network = Network().to(memory_format=LAYOUT)
    images = torch.randn(batch, 1, 28, 28).contiguous(memory_format=LAYOUT)
    assert images.dtype == torch.float32 and all(each.dtype == torch.float32 for each in network.parameters())
    labels = torch.arange(batch) % 10
    loss_of = loss_function()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-4)

    def train():
        optimiser.zero_grad()
        loss = loss_of(network(images), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    def infer():
        with torch.no_grad():
            return network(images).numpy()

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


send({"ok": True, "device": "CPU", "versions": {"torch": torch.__version__}, "details": build(), "emulated": False})
step = None
for line in sys.stdin:
    message = json.loads(line)
    if "check" in message:
        send(check(**message["check"]))
    elif "mode" in message:
        step = make_step(message["mode"], message["batch"])
    else:
        before = time.process_time()
        seconds = [timed(step) for _ in range(message["steps"])]
        send({"seconds": seconds, "cpuSeconds": time.process_time() - before, **memory()})
