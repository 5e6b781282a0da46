"""Runs exported policies with the ONNX checker and onnxruntime; every output must be ours to 1e-5.

Use: npx tsx test/interop/write-onnx-cases.ts /tmp/onnx && pip install onnx onnxruntime && python test/interop/onnx_runs.py /tmp/onnx
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

worst = 0.0
files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
assert files, "no .onnx file in the folder"
for file in files:
    onnx.checker.check_model(onnx.load(file), full_check=True)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    about = json.loads(file.with_suffix(".json").read_text())
    wanted = [output.name for output in session.get_outputs()]
    assert wanted[0] == ("logits" if about["action"] == "discrete" else "mean"), wanted
    # two samples at once: the second one starts anew in every step
    state = np.zeros((2, about["stateSize"]), np.float32)
    error = 0.0
    for step in about["steps"]:
        obs = np.array(step["obs"], about["obs"]["dtype"]).reshape([1, *about["obs"]["shape"]])
        feeds = {"obs": np.concatenate([obs, obs]), "elapsed": np.full((2, 1), step["elapsed"], np.float32)}
        if about["stateSize"]:
            feeds["state"] = state
        out = dict(zip(wanted, session.run(wanted, feeds)))
        error = max(error, np.abs(out[wanted[0]][0] - step["logits"]).max())
        np.testing.assert_allclose(out["action"][0], step["action"], atol=1e-5)
        if about["stateSize"]:
            neurons = len(step["state"])
            error = max(error, np.abs(out["next_state"][0, :neurons] - step["state"]).max())
            state = out["next_state"].copy()
            state[1] = 0
    print(f"{file.stem}: {error:.2e}")
    assert error < 1e-5, file
    worst = max(worst, error)
print(f"{len(files)} policies, worst difference {worst:.2e} (onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__})")
