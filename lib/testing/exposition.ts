/** One line of an exposition. */
export interface Sample {
  /** With `_bucket`, `_sum` or `_count` for a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as it is exposed. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * Read Prometheus' text format, version 0.0.4, strictly: each metric has one HELP and one TYPE line before its samples.
 *
 * @throws naming the line that is not of the format
 */
export function parseExposition(text: string): readonly MetricFamily[] {
  if (!text.endsWith('\n')) throw new Error('An exposition ends with a line feed');
  const families: (MetricFamily & { samples: Sample[] })[] = [];
  let help: { readonly name: string; readonly words: string } | null = null;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const helpLine = /^# HELP (\S+) (.+)$/.exec(line);
    const typeLine = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (helpLine !== null) {
      help = { name: helpLine[1] ?? '', words: helpLine[2] ?? '' };
    } else if (typeLine !== null) {
      const [, name = '', type = ''] = typeLine;
      if (help?.name !== name || families.some((family) => family.name === name)) {
        throw new Error(`${name} is not introduced by its own HELP line, once`);
      }
      families.push({ name, type, help: help.words, samples: [] });
    } else {
      const sample = sampleOf(line);
      const family = families.at(-1);
      if (family === undefined || familyOf(sample.name, family.type) !== family.name) {
        throw new Error(`A sample stands outside of its metric: ${line}`);
      }
      family.samples.push(sample);
    }
  }
  return families;
}

function familyOf(sampleName: string, type: string): string {
  return type === 'histogram' ? sampleName.replace(/_(?:bucket|sum|count)$/, '') : sampleName;
}

function sampleOf(line: string): Sample {
  const [, name, labelText = '', valueText] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText);
  const isNumber = valueText !== undefined && (!Number.isNaN(value) || /^nan$/i.test(valueText));
  if (name === undefined || !isNumber) throw new Error(`This line is no sample: ${line}`);
  return { name, labels: labelsOf(labelText), value };
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)"(?:,|$)/g)];
  if (pairs.map(([whole]) => whole).join('') !== text) throw new Error(`These are no labels: ${text}`);
  return Object.fromEntries(pairs.map(([, label, value]) => [label, value]));
}

/** Write what makes a sample a series of its own. */
export function seriesOf({ name, labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

/** Read all samples by their series. */
export function valuesBySeries(text: string): ReadonlyMap<string, number> {
  const samples = parseExposition(text).flatMap((family) => family.samples);
  return new Map(samples.map((sample) => [seriesOf(sample), sample.value]));
}
