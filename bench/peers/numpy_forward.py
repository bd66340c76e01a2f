"""
The encoder's forward pass in float32 NumPy, for bench/run.ts: the same layers and batch as ours. Reads
one line a round from stdin and answers with a line of JSON.

usage: numpy_forward.py '{"architecture": {...}, "catalogs": 20, "rows": 100}'
"""
import json
import sys
import time

import numpy as np

from blas import require_fast_library

SLOPE = np.float32(0.3)
PIXELS = 15


def make_layers(widths, random):
    """Weights of dense layers, Xavier-uniform, and zero biases."""
    layers = []
    width = PIXELS
    for out in widths:
        limit = (6 / (width + out)) ** 0.5
        kernel = random.uniform(-limit, limit, (width, out)).astype(np.float32)
        layers.append((kernel, np.zeros(out, np.float32)))
        width = out
    return layers


def encode(layers, pixels):
    """Terse values; every array is worked on in place after its product."""
    x = pixels
    for i, (kernel, bias) in enumerate(layers):
        x = x @ kernel
        x += bias
        if i < len(layers) - 2:
            np.maximum(x, SLOPE * x, out=x)
    return x


def main():
    require_fast_library("NumPy")
    task = json.loads(sys.argv[1])
    random = np.random.default_rng(1)
    rows = task["catalogs"] * task["rows"]
    pixels = random.standard_normal((rows, PIXELS), dtype=np.float32)
    layers = make_layers([*task["architecture"]["encoder"], 1], random)
    for line in sys.stdin:
        times = []
        worked = time.process_time()
        for _ in range(json.loads(line)["steps"]):
            start = time.perf_counter()
            encode(layers, pixels)
            times.append(1000 * (time.perf_counter() - start))
        cpu = 1000 * (time.process_time() - worked) / len(times)
        with open("/proc/self/status", encoding="ascii") as status:
            fields = dict(row.split(":", 1) for row in status)
        memory = int(fields["VmHWM"].split()[0]) / 1000
        print(json.dumps({"times": times, "cpu": cpu, "memory": memory, "version": np.__version__}), flush=True)


main()
