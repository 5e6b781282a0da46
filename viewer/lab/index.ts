export { openRecording } from "../episode/recorded-episode.ts";
export { decodePolicy } from "../../src/policy/saved-policy.ts";
export { intervene } from "./interventions.ts";
export { LabPolicy } from "./lab-policy.ts";
export { simulate } from "./simulate.ts";
export { DrivePage } from "../drive/drive-page.tsx";
export { Explainer } from "../explain/explainer.ts";
export { neuronPace } from "../explain/neuron-pace.ts";
