"""
Training steps of the supervised encoder in PyTorch, for bench/run.ts: the same layers, batch and
optimizer as ours. Reads one line a round from stdin and answers with a line of JSON.

usage: pytorch_step.py '{"architecture": {...}, "catalogs": 20, "rows": 100, "threads": 1, "work": "step"}'
"device": "cuda" has a GPU do it.
"""
import json
import math
import sys
import time

import torch
from torch import nn

from blas import require_fast_library

SLOPE = 0.3
PIXELS, SUPPLEMENTARY = 15, 2
MEAN_CLUSTERS = 80
TIE_WEIGHT = 10


class Network(nn.Module):
    """Table 3 at any widths; see src/model.ts for the order of layers."""

    def __init__(self, a):
        super().__init__()
        self.a = a
        width = PIXELS
        self.encoder = nn.ModuleList()
        for out in [*a["encoder"], 1]:
            self.encoder.append(nn.Linear(width, out))
            width = out
        width = 1 + SUPPLEMENTARY
        self.convolution = nn.ModuleList()
        for out in a["convolution"]:
            self.convolution.append(nn.Conv1d(width, out, 4))
            width = out
        if a["globalPooling"] == "mean+max":
            width *= 2
        self.dense = nn.ModuleList()
        for out in [*a["dense"], 1]:
            self.dense.append(nn.Linear(width, out))
            width = out

    def encode(self, pixels):
        a, f = self.a, nn.functional
        x = pixels
        last = len(self.encoder) - 1
        for i, layer in enumerate(self.encoder):
            x = layer(x)
            if i < last - 1:
                x = f.leaky_relu(x, SLOPE)
            if i == 0 and a["dropout"]["encoder"] > 0:
                x = f.dropout(x, a["dropout"]["encoder"], self.training)
        return x

    def forward(self, pixels, supplementary):
        a, f = self.a, nn.functional
        x = self.encode(pixels)
        x = torch.cat([x, supplementary], 2).transpose(1, 2)
        for layer in self.convolution:
            x = f.leaky_relu(layer(f.pad(x, (1, 2))), SLOPE)
            pool = f.avg_pool1d if a["pooling"] == "mean" else f.max_pool1d
            x = pool(x, 2, ceil_mode=True)
        parts = {"mean": [x.mean(2)], "max": [x.amax(2)], "mean+max": [x.mean(2), x.amax(2)]}
        x = torch.cat(parts[a["globalPooling"]], 1)
        last = len(self.dense) - 1
        for i, layer in enumerate(self.dense):
            x = layer(x)
            if i < last - 1:
                x = f.leaky_relu(x, SLOPE)
                if a["dropout"]["dense"] > 0:
                    x = f.dropout(x, a["dropout"]["dense"], self.training)
        return x


class SetNetwork(nn.Module):
    """A set without a context: every cluster's inputs, a mean over clusters, dense layers."""

    def __init__(self, a, rows):
        super().__init__()
        self.a = a
        size = rows / MEAN_CLUSTERS
        self.register_buffer("size", torch.tensor([size - 1, math.log(size)]))
        width = PIXELS
        self.encoder = nn.ModuleList()
        for out in [*a["encoder"], 1]:
            self.encoder.append(nn.Linear(width, out))
            width = out
        seen = 1 + SUPPLEMENTARY
        width = 2 * seen
        self.cluster = nn.ModuleList()
        for out in a["cluster"]:
            self.cluster.append(nn.Linear(width, out))
            width = out
        width += 2 + seen
        self.dense = nn.ModuleList()
        for out in [*a["dense"], 2]:
            self.dense.append(nn.Linear(width, out))
            width = out

    encode = Network.encode

    def forward(self, pixels, supplementary):
        f = nn.functional
        terse = self.encode(pixels)
        u = torch.cat([terse, supplementary], 2)
        mean = u.mean(1, keepdim=True)
        x = torch.cat([u, u - mean], 2)
        for layer in self.cluster:
            x = f.leaky_relu(layer(x), SLOPE)
        x = torch.cat([x.mean(1), self.size.expand(len(x), 2), mean[:, 0]], 1)
        for layer in self.dense[:-1]:
            x = f.leaky_relu(layer(x), SLOPE)
        return self.dense[-1](x), terse[:, :, 0]


def deviations(x):
    return x - x.mean(1, keepdim=True)


def main():
    task = json.loads(sys.argv[1])
    torch.set_num_threads(task["threads"])
    torch.manual_seed(1)
    count, rows = task["catalogs"], task["rows"]
    device = torch.device(task.get("device", "cpu"))
    if device.type == "cpu":
        require_fast_library("PyTorch")
    pixels = torch.randn(count, rows, PIXELS).to(device)
    supplementary = torch.randn(count, rows, SUPPLEMENTARY).to(device)
    labels = torch.randn(count, 1).to(device)
    tie = torch.randn(count, rows).to(device)
    architecture = task["architecture"]
    is_set = architecture["regression"] == "set"
    network = (SetNetwork(architecture, rows) if is_set else Network(architecture)).train()
    network = network.to(device)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad(set_to_none=True)
        if is_set:
            outputs, terse = network(pixels, supplementary)
            error = outputs[:, :1] - labels
            ln_variance = outputs[:, 1:]
            loss = 0.5 * (ln_variance + error**2 * torch.exp(-ln_variance)).mean()
            loss = loss + TIE_WEIGHT * ((deviations(tie) - deviations(terse)) ** 2).mean()
        else:
            loss = (network(pixels, supplementary) - labels).abs().mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    def encode():
        with torch.no_grad():
            return network.encode(pixels)

    if task["work"] == "encode":
        network.eval()
    run = step if task["work"] == "step" else encode

    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        times = []
        worked = time.process_time()
        for _ in range(steps):
            start = time.perf_counter()
            run()
            if device.type == "cuda":
                torch.cuda.synchronize()
            times.append(1000 * (time.perf_counter() - start))
        cpu = 1000 * (time.process_time() - worked) / len(times)
        with open("/proc/self/status", encoding="ascii") as status:
            fields = dict(row.split(":", 1) for row in status)
        memory = int(fields["VmHWM"].split()[0]) / 1000
        print(json.dumps({"times": times, "cpu": cpu, "memory": memory, "version": torch.__version__}), flush=True)


main()
