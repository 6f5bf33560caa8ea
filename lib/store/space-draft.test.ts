import { describe, expect, it } from 'vitest';
import { PARAMETER_NAMES } from '@/lib/tuning/space/parameter-catalogue';
import { DESIGN_SEARCH_SPACE, WIDE_SEARCH_SPACE } from '@/lib/tuning/space/search-space';
import {
  addedParameter,
  draftedSpace,
  fittingTypes,
  jsonDraft,
  type ParameterDraft,
  tableDraft,
  withType,
} from './space-draft';

const messages = (drafted: ReturnType<typeof draftedSpace>) =>
  drafted.ok ? [] : drafted.faults.map(({ message }) => message);

/** The wide space as a table, with one parameter's fields changed. */
function wideWith(name: string, change: Partial<ParameterDraft>) {
  const { parameters } = tableDraft(WIDE_SEARCH_SPACE);
  return draftedSpace({
    view: 'table',
    parameters: parameters.map((one) => (one.name === name ? { ...one, ...change } : one)),
  });
}

describe('tableDraft and jsonDraft', () => {
  it('write a space that reads back the same', () => {
    for (const space of [DESIGN_SEARCH_SPACE, WIDE_SEARCH_SPACE]) {
      expect(draftedSpace(tableDraft(space))).toEqual({ ok: true, space });
      expect(draftedSpace(jsonDraft(space))).toEqual({ ok: true, space });
    }
  });

  it('lists parameters in the order of the catalogue', () => {
    expect(tableDraft(WIDE_SEARCH_SPACE).parameters.map(({ name }) => name)).toEqual(
      PARAMETER_NAMES.filter((name) => WIDE_SEARCH_SPACE[name] !== undefined),
    );
  });
});

describe('draftedSpace of a table', () => {
  it.each([
    [{ low: '' }, 'learning_rate has no low'],
    [{ high: '0,3' }, 'learning_rate has “0,3” for high, which is no number'],
    [{ low: '0.4' }, 'learning_rate needs low below high'],
    [{ low: '0' }, 'learning_rate needs low above 0, because it is logarithmic'],
    [{ high: '2' }, 'learning_rate must lie within 1e-9 … 1'],
    [{ high: 'Infinity' }, 'learning_rate has “Infinity” for high, which is no number'],
    [{ type: 'quniform', step: '' }, 'learning_rate has no step'],
    [{ type: 'quniform', step: '1' }, 'learning_rate has a step wider than its range'],
    [{ type: 'choice', values: ' , ' }, 'learning_rate has no values to choose among'],
    [
      { type: 'choice', values: '0.1, fast' },
      'learning_rate has the value "fast", which XGBoost does not take for it',
    ],
  ] as const)('says of learning_rate with %o: %s', (change, message) => {
    expect(messages(wideWith('learning_rate', change))).toEqual([message]);
  });

  it('says which parameter a condition asks too much of', () => {
    expect(messages(wideWith('max_leaves', { when: { parameter: 'grow_policy', isIn: '' } }))).toEqual([
      'max_leaves waits for no value of grow_policy',
    ]);
    expect(messages(wideWith('max_leaves', { when: { parameter: 'max_delta_step', isIn: '1' } }))).toEqual([
      'max_leaves depends on max_delta_step, which is not in the space',
    ]);
  });

  it('names a step that is not above zero', () => {
    expect(messages(wideWith('gamma', { type: 'quniform', step: '0' }))).toEqual([
      'gamma.step: Too small: expected number to be >0',
    ]);
  });

  it('reads numbers of a choice as numbers and categories as text', () => {
    const drafted = wideWith('max_bin', { values: '32,64' });
    expect(drafted).toMatchObject({
      space: {
        max_bin: { type: 'choice', values: [32, 64] },
        grow_policy: { values: ['depthwise', 'lossguide'] },
        max_leaves: { when: { parameter: 'grow_policy', isIn: ['lossguide'] } },
      },
    });
  });

  it('needs n_estimators', () => {
    expect(draftedSpace({ view: 'table', parameters: [] })).toMatchObject({
      ok: false,
      faults: [{ parameter: 'n_estimators' }],
    });
  });
});

describe('draftedSpace of JSON', () => {
  const ofText = (text: string) => messages(draftedSpace({ view: 'json', text }));

  it('says where a text is no JSON', () => {
    expect(ofText('{ max_depth')).toEqual([expect.stringMatching(/[Ll]ine 1/)]);
    expect(ofText('')).toHaveLength(1);
  });

  it('says what is wrong in which line, and what to do', () => {
    const text = '{\n"n_estimators": { "type": "randint", "low": 1, "high": 3 },\n"eta": 3 }';
    expect(ofText(text)).toEqual([
      'Line 3: eta is no parameter that can be searched. Write learning_rate if that is what eta means.',
    ]);
  });
});

describe('withType', () => {
  const [estimators] = tableDraft(DESIGN_SEARCH_SPACE).parameters;

  it('keeps the bounds, and makes a choice of them', () => {
    if (estimators === undefined) throw new Error('expected a parameter');
    expect(withType(estimators, 'quniform')).toMatchObject({ low: '50', high: '200', step: '1' });
    const choice = withType(estimators, 'choice');
    expect(choice.values).toBe('50, 200');
    expect(withType(choice, 'lograndint')).toMatchObject({ low: '50', high: '200' });
  });
});

describe('addedParameter', () => {
  it('suggests something sound for every parameter there is', () => {
    for (const name of PARAMETER_NAMES) {
      const added = addedParameter(name);
      expect(fittingTypes(name)).toContain(added.type);
      const { parameters } = tableDraft(WIDE_SEARCH_SPACE);
      const others = parameters.filter((one) => one.name !== name);
      expect(messages(draftedSpace({ view: 'table', parameters: [...others, added] }))).toEqual([]);
    }
  });
});
