/** One dimension of a Sobol sequence: its primitive polynomial over GF(2) as bits, and its first direction numbers, all odd. */
export interface SobolDirections {
  readonly polynomial: number;
  readonly initial: readonly number[];
}

/**
 * Direction numbers of the first 21 dimensions: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better
 * two-dimensional projections", SIAM J. Sci. Comput. 30, 2008 (their set new-joe-kuo-6). The first dimension is van der
 * Corput's sequence.
 */
export const SOBOL_DIRECTIONS: readonly SobolDirections[] = [
  { polynomial: 1, initial: [] },
  { polynomial: 3, initial: [1] },
  { polynomial: 7, initial: [1, 3] },
  { polynomial: 11, initial: [1, 3, 1] },
  { polynomial: 13, initial: [1, 1, 1] },
  { polynomial: 19, initial: [1, 1, 3, 3] },
  { polynomial: 25, initial: [1, 3, 5, 13] },
  { polynomial: 37, initial: [1, 1, 5, 5, 17] },
  { polynomial: 41, initial: [1, 1, 5, 5, 5] },
  { polynomial: 47, initial: [1, 1, 7, 11, 19] },
  { polynomial: 55, initial: [1, 1, 5, 1, 1] },
  { polynomial: 59, initial: [1, 1, 1, 3, 11] },
  { polynomial: 61, initial: [1, 3, 5, 5, 31] },
  { polynomial: 67, initial: [1, 3, 3, 9, 7, 49] },
  { polynomial: 91, initial: [1, 1, 1, 15, 21, 21] },
  { polynomial: 97, initial: [1, 3, 1, 13, 27, 49] },
  { polynomial: 103, initial: [1, 1, 1, 15, 7, 5] },
  { polynomial: 109, initial: [1, 3, 1, 15, 13, 25] },
  { polynomial: 115, initial: [1, 1, 5, 5, 19, 61] },
  { polynomial: 131, initial: [1, 3, 7, 11, 23, 15, 103] },
  { polynomial: 137, initial: [1, 3, 7, 13, 13, 15, 69] },
];
