import { type Failure, fail } from '@/lib/core/result';

/** Where in a model something is wrong, counted from 0 as XGBoost counts. */
export interface FaultPlace {
  readonly tree?: number;
  readonly node?: number;
}

/** What is wrong with a model file, thrown where it is found and turned into a failure at the door of the check. */
export class ModelFault extends Error {
  readonly code: 'model_damaged' | 'model_unsupported' | 'model_unreadable' | 'model_too_large';

  /** @param what the sentence that follows the place, without its full stop, such as "its left child is 99999 of 7 nodes" */
  constructor(code: ModelFault['code'], what: string, { tree, node }: FaultPlace = {}) {
    const place = tree === undefined ? '' : `Tree ${tree}${node === undefined ? '' : `, node ${node}`}: `;
    super(`${place}${what}.`);
    this.name = 'ModelFault';
    this.code = code;
  }
}

const HINTS: Readonly<Record<ModelFault['code'], string>> = {
  model_damaged: 'Take the file again from where it was made, or train the model again.',
  model_unreadable: 'Take the file again from where it was made, or train the model again.',
  model_unsupported: 'Train with objective binary:logistic and booster gbtree on numeric features.',
  model_too_large: 'Train fewer or smaller trees.',
};

/** Word a fault for the user. */
export function faultFailure({ code, message }: ModelFault): { readonly ok: false; readonly error: Failure } {
  return fail(code, `The model file is refused. ${message}`, HINTS[code]);
}
