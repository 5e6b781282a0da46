"""Frames through convolutions, a dense layer and an NCP-wired CfC in PyTorch + ncps; shared by w2_torch.py and w3_torch.py."""
import json
import statistics
import sys
import time

import torch
from ncps.torch import CfC
from ncps.wirings import AutoNCP
from torch import nn


def bench(convs, size, channels, features, units, motors, T, B):
    """convs: list of (filters, kernel, stride). Prints the median milliseconds of one update as JSON."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    layers, at = [], channels
    for filters, kernel, stride in convs:
        layers += [nn.Conv2d(at, filters, kernel, stride), nn.ReLU()]
        at = filters
    flat = nn.Sequential(*layers)(torch.zeros(1, channels, size, size)).numel()
    encoder = nn.Sequential(*layers, nn.Flatten(), nn.Linear(flat, features), nn.ReLU())
    circuit = CfC(features, AutoNCP(units, motors), batch_first=False)
    optimizer = torch.optim.Adam([*encoder.parameters(), *circuit.parameters()], lr=1e-3, eps=1e-5)
    frames = torch.randint(0, 256, (T * B, channels, size, size), dtype=torch.uint8)
    d_loss = torch.randn(T, B, motors)

    def update():
        optimizer.zero_grad()
        x = encoder(frames.float() / 255).view(T, B, features)
        y, _ = circuit(x)
        (y * d_loss).sum().backward()
        optimizer.step()

    update()
    wall, cpu = [], []
    for _ in range(rounds):
        start, cpu_start = time.perf_counter(), time.process_time()
        update()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - cpu_start)
    milliseconds = {"updateMs": round(statistics.median(wall) * 1e3, 2), "cpuMs": round(statistics.median(cpu) * 1e3, 2)}
    print(json.dumps({**milliseconds, "torch": torch.__version__, "threads": threads}))
