"""Trains models with the real `ncps`, hands their weights to this library and takes other ones back.

    python -m venv venv && venv/bin/pip install torch ncps numpy safetensors
    npm run build && venv/bin/python test/interop/weights.py

Each model is trained for a few steps, saved as safetensors and as npz, run here (float64 definition and kernels), changed,
saved by this library, loaded in torch with `load_state_dict`, and run there. Not needed by `npm test`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from ncps.torch import CfC, LTC
from ncps.wirings import NCP, AutoNCP, FullyConnected
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
SIZE, STEPS, BATCH = 4, 9, 3
MODELS = {
    "cfc_dense": (lambda: CfC(SIZE, 11, backbone_layers=2, backbone_units=16, activation="silu"),
                  {"kind": "cfc", "units": 11, "backboneLayers": 2, "backboneUnits": 16, "activation": "silu"}),
    "cfc_dropout": (lambda: CfC(SIZE, 6, backbone_layers=3, backbone_units=8, backbone_dropout=0.2, mode="no_gate"),
                    {"kind": "cfc", "units": 6, "backboneLayers": 3, "backboneUnits": 8, "backboneDropout": 0.2, "mode": "no_gate"}),
    "cfc_wired": (lambda: CfC(SIZE, AutoNCP(17, 3, sparsity_level=0.6, seed=5), proj_size=2),
                  {"kind": "cfc", "wiring": {"kind": "AutoNCP", "units": 17, "outputSize": 3, "sparsityLevel": 0.6, "seed": 5}, "projSize": 2}),
    "cfc_mixed": (lambda: CfC(SIZE, NCP(7, 5, 2, 3, 2, 4, 3, seed=9), mixed_memory=True, mode="pure"),
                  {"kind": "cfc", "mixedMemory": True, "mode": "pure",
                   "wiring": {"kind": "NCP", "interNeurons": 7, "commandNeurons": 5, "motorNeurons": 2, "sensoryFanout": 3,
                              "interFanout": 2, "recurrentCommandSynapses": 4, "motorFanin": 3, "seed": 9}}),
    "ltc_wired": (lambda: LTC(SIZE, AutoNCP(13, 2, seed=3), ode_unfolds=4, mixed_memory=True),
                  {"kind": "ltc", "wiring": {"kind": "AutoNCP", "units": 13, "outputSize": 2, "sparsityLevel": 0.5, "seed": 3},
                   "odeUnfolds": 4, "mixedMemory": True}),
    "ltc_explicit": (lambda: LTC(SIZE, FullyConnected(6, 2), implicit_param_constraints=False, output_mapping="linear"),
                     {"kind": "ltc", "wiring": {"kind": "FullyConnected", "units": 6, "outputDim": 2, "erevInitSeed": 1111, "selfConnections": True},
                      "implicitParamConstraints": False, "outputMapping": "linear"}),
}


def train(model, x, times):
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 0.01)
    for _ in range(5):
        optimizer.zero_grad()
        output, _ = model(x, timespans=times)
        (output - torch.sin(x.sum(-1, keepdim=True))).square().mean().backward()
        optimizer.step()
        if hasattr(model.rnn_cell, "apply_weight_constraints"):
            model.rnn_cell.apply_weight_constraints()
    model.eval()


def main():
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        models, cases = {}, []
        x = torch.randn(BATCH, STEPS, SIZE)
        times = torch.rand(1, STEPS) + 0.2
        for name, (make, config) in MODELS.items():
            model = make()
            train(model, x, times)
            state = model.state_dict()
            save_file({k: v.contiguous() for k, v in state.items()}, folder / f"{name}.safetensors")
            np.savez(folder / f"{name}.npz", **{k: v.numpy() for k, v in state.items()})
            output, _ = model(x, timespans=times)
            models[name] = model
            cases.append({"name": name, "config": {"inputSize": SIZE, **config}, "output": output.detach().reshape(-1).tolist()})
        given = {"x": x.reshape(-1).tolist(), "times": times.reshape(-1).tolist(), "shape": [BATCH, STEPS, SIZE], "cases": cases}
        (folder / "cases.json").write_text(json.dumps(given))
        command = ["npx", "tsx", str(HERE / "weights.ts"), str(folder)]
        changed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent.parent).stdout)
        worst = 0.0
        for name, model in models.items():
            model.load_state_dict(load_file(folder / f"{name}.changed.safetensors"), strict=True)
            output, _ = model(x, timespans=times)
            difference = float(np.abs(output.detach().numpy().reshape(-1) - np.array(changed[name]["output"])).max())
            there = changed[name]["differences"]
            print(f"{name:12} torch -> here: definition {there['definition']:.1e}, npz {there['npz']:.1e}, kernels {there['kernels']:.1e}; here -> torch: {difference:.1e}")
            worst = max(worst, difference, *there.values())
        if not worst < 1e-5:
            sys.exit(f"outputs differ by {worst}, expected less than 1e-5")


main()
