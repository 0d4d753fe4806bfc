"""The report's network in PyTorch on a GPU, for `npm run bench:gpu`: images per second in float32 and in mixed precision.

usage: cuda.py [BATCH [DEVICE]]
Prints lines of text; without a GPU that PyTorch can use, one that says so. A timing ends when a result is read.
"""

import sys
import time

import torch
from torch import nn

from network import Network

BATCH = int(sys.argv[1]) if len(sys.argv) > 1 else 256
DEVICE = sys.argv[2] if len(sys.argv) > 2 else "cuda"
WARM_UP, STEPS, ROUNDS = 10, 20, 3

if DEVICE == "cuda" and not torch.cuda.is_available():
    print("PyTorch finds no GPU here, so its CUDA was not measured.")
    sys.exit()
# TensorFloat-32 has ten bits of mantissa: what is called float32 here is that.
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False


def rate(training, mixed):
    """Images per second, the best of some rounds."""
    network = Network().to(DEVICE).train(training)
    images = torch.randn(BATCH, 1, 28, 28, device=DEVICE)
    labels = torch.arange(BATCH, device=DEVICE) % 10
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-4)
    scaler = torch.cuda.amp.GradScaler(enabled=mixed)

    def step():
        with torch.set_grad_enabled(training), torch.autocast(DEVICE, enabled=mixed):
            logits = network(images)
            if not training:
                return logits
            loss = loss_of(logits, labels)
        optimiser.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(optimiser)
        scaler.update()
        return loss

    def seconds(steps):
        start = time.perf_counter()
        for _ in range(steps):
            result = step()
        result.sum().item()
        return time.perf_counter() - start

    seconds(WARM_UP)
    return BATCH * STEPS / min(seconds(STEPS) for _ in range(ROUNDS))


name = torch.cuda.get_device_name() if DEVICE == "cuda" else DEVICE
print(f"PyTorch {torch.__version__} on {name}, batch {BATCH}, images/s:")
for mixed in [False, True] if DEVICE == "cuda" else [False]:
    precision = "mixed precision" if mixed else "float32"
    print(f"  {precision:15}  training {rate(True, mixed):,.0f}  inference {rate(False, mixed):,.0f}", flush=True)
