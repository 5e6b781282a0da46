"""W1 in PyTorch + ncps, one thread: prints the median milliseconds of one update and microseconds of one acting step as JSON.

usage: python w1_torch.py [rounds]. Needs torch and ncps; exits non-zero without them.
"""
import json
import statistics
import sys
import time

import torch
from ncps.torch import CfC
from ncps.wirings import AutoNCP

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
torch.set_num_threads(1)
torch.manual_seed(0)
T, B, D = 32, 64, 4
model = CfC(D, AutoNCP(32, 2), batch_first=False)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-5)
x = torch.randn(T, B, D)
d_loss = torch.randn(T, B, 2)


def update():
    optimizer.zero_grad()
    y, _ = model(x)
    (y * d_loss).sum().backward()
    optimizer.step()


def median_seconds(run, count):
    for _ in range(3):
        run()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


steps = {}
with torch.no_grad():
    for n in (1, 8, 64, 256):
        frame, state = torch.randn(1, n, D), torch.zeros(n, 32)
        steps[n] = round(median_seconds(lambda: model(frame, state), rounds * 10) * 1e6, 1)
print(
    json.dumps(
        {
            "updateMs": round(median_seconds(update, rounds) * 1e3, 2),
            "stepMicroseconds": steps,
            "torch": torch.__version__,
            "threads": 1,
        }
    )
)
