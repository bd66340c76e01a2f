/**
 * The encoder's forward pass in WGSL: a tiled product for each layer that is wide, and one dispatch for
 * all of the layers after them, whose activations stay in workgroup memory.
 *
 * Numbers lie in vec4: rows of activations, and the columns of kernels and biases, are filled up with
 * zeros to a multiple of four.
 */
import { LEAKY_SLOPE } from "../../src/model.ts";

/** What weights and activations are kept in; sums of products are f32 in the end. */
export type Precision = "f32" | "f16";

/** One dense layer: its widths in vec4, and whether the leaky ReLU follows. */
export interface LayerPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly isLeaky: boolean;
}

/** A layer, or several, as a shader sees them. */
export interface ShaderPlan {
  readonly rows: number;
  /** Precision of the weights, and of the activations that are read. */
  readonly precision: Precision;
  /** Precision of the activations that are written. */
  readonly output: Precision;
}

const ACTIVATE = `fn activate(x: vec4<f32>) -> vec4<f32> {
  return select(x, x * ${LEAKY_SLOPE}, x < vec4<f32>(0.0));
}`;

const header = (...precisions: Precision[]): string =>
  precisions.includes("f16") ? "enable f16;\n" : "";

/** sum = sum + row x (four rows of a matrix). */
const accumulate = (
  precision: Precision,
  sum: string,
  row: string,
  matrix: (k: number) => string,
): string =>
  ["x", "y", "z", "w"].map((part, k) =>
    `${sum} = fma(vec4<${precision}>(${row}.${part}), ${matrix(k)}, ${sum});`
  ).join(" ");

const repeat = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join("\n");

/** Threads of a tiled workgroup are 8 x 8, and each makes 8 rows of 2 columns of vec4. */
const [SIDE, ROWS, COLUMNS] = [8, 8, 2];
/** Rows of a tile, its columns in vec4, and its depth in vec4. */
const [TILE_ROWS, TILE_COLUMNS, DEPTH] = [SIDE * ROWS, SIDE * COLUMNS, 4];

/**
 * The product of one layer; bindings: outputs, inputs, kernel, bias. Neighbors in a workgroup take
 * neighboring rows and columns, so that they read different banks of its memory. In f16, products of
 * a tile's depth are summed in f16, and the tiles in f32.
 */
export function tiledShader(layer: LayerPlan, { rows, precision, output }: ShaderPlan): string {
  const { inputs, outputs, isLeaky } = layer;
  const vec = `vec4<${precision}>`;
  const threads = SIDE * SIDE;
  const sum = (r: number, c: number) => `${precision === "f32" ? "acc" : "part"}${r}_${c}`;
  const every = (text: (r: number, c: number) => string) =>
    repeat(ROWS, (r) => repeat(COLUMNS, (c) => text(r, c)));
  return `${header(precision, output)}
@group(0) @binding(0) var<storage, read_write> y: array<vec4<${output}>>;
@group(0) @binding(1) var<storage, read> x: array<${vec}>;
@group(0) @binding(2) var<storage, read> kernel: array<${vec}>;
@group(0) @binding(3) var<storage, read> bias: array<${vec}>;
var<workgroup> a: array<${vec}, ${TILE_ROWS * DEPTH}>;
var<workgroup> b: array<${vec}, ${4 * DEPTH * TILE_COLUMNS}>;
${ACTIVATE}
@compute @workgroup_size(${SIDE}, ${SIDE})
fn main(@builtin(local_invocation_id) l: vec3<u32>, @builtin(workgroup_id) g: vec3<u32>) {
  let top = g.x / ${Math.ceil(outputs / TILE_COLUMNS)}u * ${TILE_ROWS}u;
  let left = g.x % ${Math.ceil(outputs / TILE_COLUMNS)}u * ${TILE_COLUMNS}u;
  let t = l.y * ${SIDE}u + l.x;
  ${every((r, c) => `var acc${r}_${c} = vec4<f32>(0.0);`)}
  for (var k = 0u; k < ${inputs}u; k += ${DEPTH}u) {
    for (var i = t; i < ${TILE_ROWS * DEPTH}u; i += ${threads}u) {
      let row = top + i / ${DEPTH}u;
      let place = k + i % ${DEPTH}u;
      var value = ${vec}(0.0);
      if (row < ${rows}u && place < ${inputs}u) { value = x[row * ${inputs}u + place]; }
      a[i % ${DEPTH}u * ${TILE_ROWS}u + i / ${DEPTH}u] = value;
    }
    for (var i = t; i < ${4 * DEPTH * TILE_COLUMNS}u; i += ${threads}u) {
      let row = 4u * k + i / ${TILE_COLUMNS}u;
      let column = left + i % ${TILE_COLUMNS}u;
      var value = ${vec}(0.0);
      if (row < ${
    4 * inputs
  }u && column < ${outputs}u) { value = kernel[row * ${outputs}u + column]; }
      b[i] = value;
    }
    workgroupBarrier();
    ${precision === "f32" ? "" : every((r, c) => `var ${sum(r, c)} = ${vec}(0.0);`)}
    for (var i = 0u; i < ${DEPTH}u; i++) {
      let first = 4u * i * ${TILE_COLUMNS}u + l.x;
      ${
    repeat(4, (k) =>
      repeat(COLUMNS, (c) =>
        `let b${k}_${c} = b[first + ${k * TILE_COLUMNS + c * SIDE}u];`))
  }
      ${
    repeat(ROWS, (r) =>
      `let a${r} = a[i * ${TILE_ROWS}u + ${r * SIDE}u + l.y];
      ${repeat(COLUMNS, (c) => accumulate(precision, sum(r, c), `a${r}`, (k) => `b${k}_${c}`))}`)
  }
    }
    ${precision === "f32" ? "" : every((r, c) => `acc${r}_${c} += vec4<f32>(${sum(r, c)});`)}
    workgroupBarrier();
  }
  ${
    every((r, c) =>
      `{
    let row = top + ${r * SIDE}u + l.y;
    let column = left + ${c * SIDE}u + l.x;
    if (row < ${rows}u && column < ${outputs}u) {
      let z = acc${r}_${c} + vec4<f32>(bias[column]);
      y[row * ${outputs}u + column] = vec4<${output}>(${isLeaky ? "activate(z)" : "z"});
    }
  }`
    )
  }
}`;
}

/** Workgroups of a tiled layer. */
export function tiledWorkgroups({ outputs }: LayerPlan, rows: number): number {
  return Math.ceil(rows / TILE_ROWS) * Math.ceil(outputs / TILE_COLUMNS);
}

/** Rows that a workgroup takes through all layers, and how many of them one thread takes at once. */
export const FUSED_ROWS = 16;
const FUSED_STEP = 4;
const FUSED_THREADS = 64;

/** Widths in vec4 of the two buffers that activations move between. */
function bufferWidths(layers: readonly LayerPlan[]): [even: number, odd: number] {
  const widths = [layers[0]!.inputs, ...layers.map(({ outputs }) => outputs)];
  const largest = (parity: number) => Math.max(...widths.filter((_, i) => i % 2 === parity));
  return [largest(0), largest(1)];
}

/** Bytes of workgroup memory that these layers need in one dispatch. */
export function fusedBytes(layers: readonly LayerPlan[], precision: Precision): number {
  const [even, odd] = bufferWidths(layers);
  return FUSED_ROWS * (even + odd) * (precision === "f32" ? 16 : 8);
}

/** Layers in one dispatch; bindings: outputs, inputs, all kernels and biases one after the other. */
export function fusedShader(
  layers: readonly LayerPlan[],
  { rows, precision, output }: ShaderPlan,
): string {
  const vec = `vec4<${precision}>`;
  const [even, odd] = bufferWidths(layers);
  const buffer = (i: number) =>
    i % 2 === 0 ? { name: "even", width: even } : { name: "odd", width: odd };
  let offset = 0;
  const products = layers.map(({ inputs, outputs, isLeaky }, i) => {
    const [from, to] = [buffer(i), buffer(i + 1)];
    const kernel = offset;
    const bias = kernel + 4 * inputs * outputs;
    offset = bias + outputs;
    const place = (r: number, width: number) => `(first + ${r}u) * ${width}u`;
    return `
  for (var i = t; i < ${outputs * FUSED_ROWS / FUSED_STEP}u; i += ${FUSED_THREADS}u) {
    let c = i % ${outputs}u;
    let first = i / ${outputs}u * ${FUSED_STEP}u;
    ${repeat(FUSED_STEP, (r) => `var acc${r} = vec4<f32>(weights[${bias}u + c]);`)}
    for (var k = 0u; k < ${inputs}u; k++) {
      let place = ${kernel}u + 4u * k * ${outputs}u + c;
      ${repeat(4, (k) => `let b${k} = vec4<f32>(weights[place + ${k * outputs}u]);`)}
      ${
      repeat(FUSED_STEP, (r) =>
        `let a${r} = vec4<f32>(${from.name}[${place(r, from.width)} + k]);
      ${accumulate("f32", `acc${r}`, `a${r}`, (k) => `b${k}`)}`)
    }
    }
    ${
      repeat(FUSED_STEP, (r) =>
        `${to.name}[${place(r, to.width)} + c] = ${vec}(${
          isLeaky ? `activate(acc${r})` : `acc${r}`
        });`)
    }
  }
  workgroupBarrier();`;
  });
  const [inputs, outputs] = [layers[0]!.inputs, layers.at(-1)!.outputs];
  const result = buffer(layers.length);
  return `${header(precision, output)}
@group(0) @binding(0) var<storage, read_write> y: array<vec4<${output}>>;
@group(0) @binding(1) var<storage, read> x: array<${vec}>;
@group(0) @binding(2) var<storage, read> weights: array<${vec}>;
var<workgroup> even: array<${vec}, ${FUSED_ROWS * even}>;
var<workgroup> odd: array<${vec}, ${FUSED_ROWS * odd}>;
${ACTIVATE}
@compute @workgroup_size(${FUSED_THREADS})
fn main(@builtin(local_invocation_index) t: u32, @builtin(workgroup_id) g: vec3<u32>) {
  let top = g.x * ${FUSED_ROWS}u;
  for (var i = t; i < ${FUSED_ROWS * inputs}u; i += ${FUSED_THREADS}u) {
    let row = i / ${inputs}u;
    var value = ${vec}(0.0);
    if (top + row < ${rows}u) { value = x[top * ${inputs}u + i]; }
    even[row * ${even}u + i % ${inputs}u] = value;
  }
  workgroupBarrier();
  ${products.join("\n")}
  for (var i = t; i < ${FUSED_ROWS * outputs}u; i += ${FUSED_THREADS}u) {
    let row = i / ${outputs}u;
    if (top + row < ${rows}u) {
      y[top * ${outputs}u + i] =
        vec4<${output}>(${result.name}[row * ${result.width}u + i % ${outputs}u]);
    }
  }
}`;
}
