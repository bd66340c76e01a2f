/**
 * The encoder as an ONNX model (opset 13): Gemm and LeakyRelu by turns, in the few protobuf fields
 * that onnxruntime reads.
 */
import type { Architecture } from "../../src/model.ts";
import { LEAKY_SLOPE } from "../../src/model.ts";
import type { NamedArray, NamedArrays } from "../../src/numerics/arrays.ts";

type Field = Uint8Array<ArrayBuffer>;

const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;
const [VARINT, BYTES, FIXED32] = [0, 2, 5];
/** Kinds of attributes: a float. */
const FLOAT_ATTRIBUTE = 1;

function join(parts: readonly Field[]): Field {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

function varint(value: number): Field {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
  return Uint8Array.from([...bytes, value]);
}

const whole = (field: number, value: number): Field =>
  join([varint(field * 8 + VARINT), varint(value)]);
const bytes = (field: number, content: Field): Field =>
  join([varint(field * 8 + BYTES), varint(content.length), content]);
const text = (field: number, value: string): Field => bytes(field, new TextEncoder().encode(value));
const message = (field: number, ...parts: Field[]): Field => bytes(field, join(parts));
const float = (field: number, value: number): Field =>
  join([varint(field * 8 + FIXED32), new Uint8Array(Float32Array.of(value).buffer)]);

function tensor(name: string, { shape, data }: NamedArray): Field {
  const raw = new Uint8Array(Float32Array.from(data).buffer);
  return message(
    5,
    ...shape.map((n) => whole(1, n)),
    whole(2, FLOAT),
    text(8, name),
    bytes(9, raw),
  );
}

function node(kind: string, inputs: readonly string[], output: string, ...attributes: Field[]) {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, kind),
    ...attributes,
  );
}

function value(field: number, name: string, shape: readonly number[]): Field {
  const dimensions = shape.map((n) => message(1, whole(1, n)));
  const type = message(2, message(1, whole(1, FLOAT), message(2, ...dimensions)));
  return message(field, text(1, name), type);
}

/** Bytes of a model from "pixels" [rows x pixels] to "terse" [rows x 1]. */
export function encodeOnnx(
  { encoder }: Architecture,
  weights: NamedArrays,
  rows: number,
): Field {
  const graph: Field[] = [];
  let last = "pixels";
  const names = [...encoder.map((_, i) => `encoder/${i}`), "terse"];
  const alpha = message(5, text(1, "alpha"), float(2, LEAKY_SLOPE), whole(20, FLOAT_ATTRIBUTE));
  for (const [i, name] of names.entries()) {
    const [kernel, bias] = [`${name}/kernel`, `${name}/bias`];
    const output = name === "terse" ? name : `${name}/z`;
    graph.push(node("Gemm", [last, kernel, bias], output));
    graph.push(tensor(kernel, weights[kernel]!), tensor(bias, weights[bias]!));
    last = output;
    if (i < encoder.length - 1) {
      graph.push(node("LeakyRelu", [last], `${name}/y`, alpha));
      last = `${name}/y`;
    }
  }
  const width = weights["encoder/0/kernel"]!.shape[0]!;
  graph.push(text(2, "encoder"), value(11, "pixels", [rows, width]), value(12, "terse", [rows, 1]));
  return join([
    whole(1, IR_VERSION),
    message(7, ...graph),
    message(8, text(1, ""), whole(2, OPSET)),
  ]);
}
