let softwareGl: boolean | null = null;

/** Asks a throw-away WebGL context who draws; remembered. */
export function hasSoftwareGl(): boolean {
  softwareGl ??= detectSoftwareGl();
  return softwareGl;
}

function detectSoftwareGl(): boolean {
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) return true;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info === null ? "" : String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software/i.test(name);
}
