import * as tf from "@tensorflow/tfjs";

/** Files of a model for `tf.loadLayersModel`, by name: `model.json` (text) and `weights.bin` (bytes). */
export async function layersModelFiles(model: tf.LayersModel): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const files = new Map<string, Uint8Array | string>();
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      files.set("model.json", JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest }));
      files.set("weights.bin", joined(weightData ?? []));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return files;
}

function joined(data: ArrayBuffer | readonly ArrayBuffer[]): Uint8Array {
  const parts = data instanceof ArrayBuffer ? [data] : data;
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole;
}
