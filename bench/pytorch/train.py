"""The report's recipe in PyTorch, for `npm run train:pytorch`: PyTorch's own layers, optimiser, schedule and defaults.

usage: train.py JOB.json
The job is a TorchJob of bench/pytorch/training.ts. Prints a line of JSON about what it computes on, one for each
logged batch and one for each epoch; an epoch is in the checkpoint before its line is printed.
"""

import json
import os
import sys
import time

import torch
from torch import nn

from images import normalised, read
from network import Network


def send(message):
    print(json.dumps(message), flush=True)


def read_numbers(path, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype).long()


class Training:
    def __init__(self, job):
        self.job = job
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.mixed = job["mixedPrecision"]
        if self.mixed and self.device.type != "cuda":
            sys.exit("Mixed precision needs a GPU that PyTorch can use, and there is none; leave --mixed-precision out.")
        if job["threads"]:
            torch.set_num_threads(job["threads"])
        torch.manual_seed(job["seed"])
        # As in the report (its section 8.1).
        torch.backends.cudnn.benchmark = True
        files = job["files"]
        self.images = read(files["images"]).to(self.device)
        self.labels = read_numbers(files["labels"], torch.uint8).to(self.device)
        self.train_ids = read_numbers(files["train"], torch.int32).to(self.device)
        self.validation_ids = read_numbers(files["validation"], torch.int32).to(self.device)
        self.network = Network().to(self.device)
        # The report's section 4.2; everything else is PyTorch's default.
        self.loss = nn.CrossEntropyLoss(label_smoothing=job["labelSmoothing"])
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=1e-3, weight_decay=job["weightDecay"])
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser,
            max_lr=job["maxLearningRate"],
            epochs=job["epochs"],
            steps_per_epoch=-(-len(self.train_ids) // job["batchSize"]),
        )
        # It moved in PyTorch 2.3.
        scaler = torch.amp.GradScaler if hasattr(torch.amp, "GradScaler") else torch.cuda.amp.GradScaler
        self.scaler = scaler(enabled=self.mixed)
        self.epochs = []

    @property
    def parts(self):
        """Everything that has a state."""
        return {
            "network": self.network,
            "optimiser": self.optimiser,
            "schedule": self.schedule,
            "scaler": self.scaler,
        }

    def save(self):
        path = self.job["checkpoint"]
        state = {name: part.state_dict() for name, part in self.parts.items()}
        random = {"cpu": torch.get_rng_state()}
        if self.device.type == "cuda":
            random["cuda"] = torch.cuda.get_rng_state()
        torch.save({**state, "random": random, "epochs": self.epochs}, f"{path}.part")
        os.replace(f"{path}.part", path)

    def restore(self):
        # On the CPU, where random states have to be; the parts move theirs to the device.
        state = torch.load(self.job["checkpoint"], map_location="cpu")
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        torch.set_rng_state(state["random"]["cpu"])
        if self.device.type == "cuda":
            torch.cuda.set_rng_state(state["random"]["cuda"])
        self.epochs = state["epochs"]

    def predict(self, ids):
        """Returns logits and smoothed loss for images."""
        with torch.autocast(self.device.type, enabled=self.mixed):
            logits = self.network(normalised(self.images[ids]))
            return logits, self.loss(logits, self.labels[ids])

    def step(self, ids):
        """Trains on one batch; returns its loss and the number of correct predictions."""
        self.optimiser.zero_grad()
        logits, loss = self.predict(ids)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.schedule.step()
        return loss.detach(), self.correct(logits, ids)

    def correct(self, logits, ids):
        return (logits.argmax(1) == self.labels[ids]).sum()

    def train_epoch(self):
        """Returns running means over the batches, as in the report's log."""
        self.network.train()
        order = self.train_ids[torch.randperm(len(self.train_ids)).to(self.device)]
        loss, correct = 0, 0
        batches = order.split(self.job["batchSize"])
        for number, ids in enumerate(batches):
            batch_loss, batch_correct = self.step(ids)
            loss, correct = loss + batch_loss, correct + batch_correct
            if number % self.job["loggedBatches"] == 0:
                accuracy = batch_correct.item() / len(ids)
                send({"batch": number, "batches": len(batches), "loss": batch_loss.item(), "accuracy": accuracy})
        return loss.item() / len(batches), correct.item() / len(order)

    @torch.no_grad()
    def validate(self):
        self.network.eval()
        loss, correct = 0, 0
        for ids in self.validation_ids.split(self.job["batchSize"]):
            logits, batch_loss = self.predict(ids)
            loss, correct = loss + batch_loss * len(ids), correct + self.correct(logits, ids)
        count = len(self.validation_ids)
        return loss.item() / count, correct.item() / count

    def run(self):
        if os.path.exists(self.job["checkpoint"]):
            self.restore()
        send({"torch": torch.__version__, "device": self.device_name(), "epochsDone": self.epochs})
        while len(self.epochs) < self.job["epochs"]:
            started = time.perf_counter()
            train_loss, train_accuracy = self.train_epoch()
            validation_loss, validation_accuracy = self.validate()
            epoch = {
                "epoch": len(self.epochs) + 1,
                "trainLoss": train_loss,
                "trainAccuracy": train_accuracy,
                "validationLoss": validation_loss,
                "validationAccuracy": validation_accuracy,
                "learningRate": self.schedule.get_last_lr()[0],
                "seconds": time.perf_counter() - started,
            }
            self.epochs.append(epoch)
            self.save()
            send(epoch)

    def device_name(self):
        return torch.cuda.get_device_name() if self.device.type == "cuda" else "CPU"


with open(sys.argv[1]) as file:
    training = Training(json.load(file))
try:
    training.run()
except KeyboardInterrupt:
    sys.exit(130)
