"""The circuits of bench/circuits.ts in PyTorch + ncps, one thread: processor milliseconds per update, microseconds per acting step, as JSON.

usage: python circuits_torch.py [rounds]. Needs torch and ncps; exits non-zero without them.
"""
import json
import statistics
import sys
import time

import torch
from ncps.torch import CfC, LTC
from ncps.wirings import AutoNCP

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 8
torch.set_num_threads(1)
torch.manual_seed(0)
T, B, D, UNITS = 32, 64, 4, 32


def median_cpu(run, count):
    run()
    times = []
    for _ in range(count):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return statistics.median(times)


def measure(model, outputs):
    x = torch.randn(T, B, D, requires_grad=True)
    d_loss = torch.randn(T, B, outputs)

    def update():
        model.zero_grad()
        y, _ = model(x)
        (y * d_loss).sum().backward()

    frame = torch.randn(1, 1, D)

    def act():
        with torch.no_grad():
            state = None
            for _ in range(50):
                _, state = model(frame, state)

    return {
        "updateMs": round(median_cpu(update, rounds) * 1e3, 2),
        "stepMicroseconds": round(median_cpu(act, rounds) / 50 * 1e6, 1),
    }


models = {
    "wiredCfc": (CfC(D, AutoNCP(UNITS, 2), batch_first=False), 2),
    "wiredCfcMixed": (CfC(D, AutoNCP(UNITS, 2), batch_first=False, mixed_memory=True), 2),
    "cfcBackbone128": (CfC(D, UNITS, batch_first=False), UNITS),
    "wiredLtc": (LTC(D, AutoNCP(UNITS, 2), batch_first=False), 2),
    "fullLtc": (LTC(D, UNITS, batch_first=False), UNITS),
    "lstm": (torch.nn.LSTM(D, UNITS), UNITS),
    "gru": (torch.nn.GRU(D, UNITS), UNITS),
}
print(json.dumps({name: measure(model, outputs) for name, (model, outputs) in models.items()}))
