import { ELEMENT, operatorNode, scalarTensor, vectorTensor, wholeTensor } from './onnx-messages';
import type { MessageWriter } from './protobuf';

/** How a margin becomes a probability, as `lib/evaluation/calibration` defines it; every kind rises with the margin. */
export type MarginCalibration =
  | { readonly kind: 'none' }
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'beta'; readonly a: number; readonly b: number; readonly c: number }
  | {
      readonly kind: 'isotonic';
      /** Rising. */
      readonly margins: readonly number[];
      readonly probabilities: readonly number[];
    };

/** Operators that calibration is written with. */
export const CALIBRATION_OPERATORS: readonly string[] = [
  ':Add',
  ':Cast',
  ':Div',
  ':Exp',
  ':Gather',
  ':GreaterOrEqual',
  ':Min',
  ':Mul',
  ':Neg',
  ':Reciprocal',
  ':ReduceSum',
  ':Softplus',
  ':Sub',
];

/** Nodes of a graph and the constants that they read. */
export interface GraphPart {
  readonly nodes: readonly MessageWriter[];
  readonly initializers: readonly MessageWriter[];
}

/**
 * Write the nodes that make calibrated probabilities of margins, in float32.
 *
 * The logistic function is spelled out, because onnxruntime's `Sigmoid` gives exactly 0 below −18. Isotonic regression looks
 * up the stretch that a margin lies in, by counting the points it has reached, so that a row's probability does not depend
 * on the rows beside it; what lies on one level has the very same probability.
 *
 * @param names of the margins (rows × 1) and of the probabilities to give
 */
export function calibrationNodes(
  calibration: MarginCalibration,
  names: { readonly margin: string; readonly probability: string },
): GraphPart {
  switch (calibration.kind) {
    case 'none':
      return logisticNodes(names.margin, names.probability);
    case 'platt':
      return joined(
        plattNodes(calibration, names.margin, 'log_odds'),
        logisticNodes('log_odds', names.probability),
      );
    case 'beta':
      return joined(
        betaNodes(calibration, names.margin, 'log_odds'),
        logisticNodes('log_odds', names.probability),
      );
    case 'isotonic':
      return isotonicNodes(calibration, names.margin, names.probability);
    default:
      return calibration satisfies never;
  }
}

function joined(a: GraphPart, b: GraphPart): GraphPart {
  return { nodes: [...a.nodes, ...b.nodes], initializers: [...a.initializers, ...b.initializers] };
}

function logisticNodes(logOdds: string, probability: string): GraphPart {
  return {
    nodes: [
      operatorNode('Neg', [logOdds], 'negative_log_odds'),
      operatorNode('Exp', ['negative_log_odds'], 'inverse_odds'),
      operatorNode('Add', ['inverse_odds', 'one'], 'inverse_probability'),
      operatorNode('Reciprocal', ['inverse_probability'], probability),
    ],
    initializers: [scalarTensor('one', 1)],
  };
}

function plattNodes(
  { slope, intercept }: Extract<MarginCalibration, { kind: 'platt' }>,
  margin: string,
  logOdds: string,
): GraphPart {
  return {
    nodes: [
      operatorNode('Mul', [margin, 'slope'], 'scaled_margin'),
      operatorNode('Add', ['scaled_margin', 'intercept'], logOdds),
    ],
    initializers: [scalarTensor('slope', slope), scalarTensor('intercept', intercept)],
  };
}

/** ln p is −softplus(−margin) and ln(1 − p) is −softplus(margin), each without loss at its own end. */
function betaNodes(
  { a, b, c }: Extract<MarginCalibration, { kind: 'beta' }>,
  margin: string,
  logOdds: string,
): GraphPart {
  return {
    nodes: [
      operatorNode('Softplus', [margin], 'minus_log_of_rest'),
      operatorNode('Neg', [margin], 'negative_margin'),
      operatorNode('Softplus', ['negative_margin'], 'minus_log'),
      operatorNode('Mul', ['minus_log_of_rest', 'beta_b'], 'weighted_rest'),
      operatorNode('Mul', ['minus_log', 'minus_beta_a'], 'weighted_log'),
      operatorNode('Add', ['weighted_rest', 'weighted_log'], 'weighted'),
      operatorNode('Add', ['weighted', 'beta_c'], logOdds),
    ],
    initializers: [scalarTensor('minus_beta_a', -a), scalarTensor('beta_b', b), scalarTensor('beta_c', c)],
  };
}

/** Stretch i lies between points i − 1 and i; the first and the last, beyond the points, are level. */
function isotonicNodes(
  { margins, probabilities }: Extract<MarginCalibration, { kind: 'isotonic' }>,
  margin: string,
  probability: string,
): GraphPart {
  const [n, last] = [margins.length, margins.length - 1];
  const stretch = (of: (from: number, to: number) => number) =>
    Float32Array.from({ length: n + 1 }, (_, i) => of(Math.max(0, i - 1), Math.min(last, i)));
  const level = stretch((from) => probabilities[from]!);
  const end = stretch((_, to) => probabilities[to]!);
  const width = stretch((from, to) => (from === to ? 1 : margins[to]! - margins[from]!));
  return {
    nodes: [
      operatorNode('GreaterOrEqual', [margin, 'points'], 'is_reached'),
      operatorNode('Cast', ['is_reached'], 'reached', { to: ELEMENT.int64 }),
      operatorNode('ReduceSum', ['reached', 'columns'], 'stretch', { keepdims: 1 }),
      operatorNode('Gather', ['stretch_from', 'stretch'], 'from'),
      operatorNode('Gather', ['stretch_width', 'stretch'], 'width'),
      operatorNode('Gather', ['stretch_level', 'stretch'], 'level'),
      operatorNode('Gather', ['stretch_rise', 'stretch'], 'rise'),
      operatorNode('Gather', ['stretch_end', 'stretch'], 'end'),
      operatorNode('Sub', [margin, 'from'], 'beyond'),
      operatorNode('Div', ['beyond', 'width'], 'share'),
      operatorNode('Mul', ['share', 'rise'], 'risen'),
      operatorNode('Add', ['level', 'risen'], 'reached_level'),
      // Rounding must not lift the end of a stretch above the next point.
      operatorNode('Min', ['reached_level', 'end'], probability),
    ],
    initializers: [
      vectorTensor('points', Float32Array.from(margins)),
      wholeTensor('columns', [1]),
      vectorTensor(
        'stretch_from',
        stretch((from) => margins[from]!),
      ),
      vectorTensor('stretch_width', width),
      vectorTensor('stretch_level', level),
      vectorTensor(
        'stretch_rise',
        end.map((value, i) => value - level[i]!),
      ),
      vectorTensor('stretch_end', end),
    ],
  };
}
