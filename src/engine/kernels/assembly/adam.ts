// Adam on a flat vector whose length is a multiple of 4, definition in ../adam.reference.ts.

export function adam(
  values: usize,
  gradients: usize,
  first: usize,
  second: usize,
  n: i32,
  gradientScale: f32,
  learningRate: f32,
  beta1: f64,
  beta2: f64,
  epsilon: f32,
  correction1: f64,
  correction2: f64,
  weightDecay: f32,
): void {
  const b1 = f32x4.splat(<f32>beta1),
    c1 = f32x4.splat(<f32>(1 - beta1));
  const b2 = f32x4.splat(<f32>beta2),
    c2 = f32x4.splat(<f32>(1 - beta2));
  const stepSize = f32x4.splat(<f32>(<f64>learningRate / correction1));
  const rootScale = f32x4.splat(<f32>(1 / Math.sqrt(correction2)));
  const eps = f32x4.splat(epsilon),
    scale = f32x4.splat(gradientScale);
  const shrink = f32x4.splat(1 - learningRate * weightDecay);
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) {
    const g = f32x4.mul(v128.load(gradients + i), scale);
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + i)), f32x4.mul(c1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + i)), f32x4.mul(c2, f32x4.mul(g, g)));
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(v), rootScale), eps);
    const w = f32x4.mul(v128.load(values + i), shrink);
    v128.store(first + i, m);
    v128.store(second + i, v);
    v128.store(values + i, f32x4.sub(w, f32x4.div(f32x4.mul(stepSize, m), root)));
  }
}
