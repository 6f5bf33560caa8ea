import { MISSING_DAY, parseDay } from '@/lib/core/day';
import type { JoinedTable } from '@/lib/crm/joined-table';
import { countText, nounText } from '@/lib/explore/summary/plain-numbers';
import { OTHER_COUNTRY } from './country-levels';
import { tagsOfExpression } from './expression-column';
import { MIN_TAG_HOLDERS } from './fit-spec';
import type { FeatureSpec } from './spec';

/** Something in a file that its specification had no place for, and what became of it. */
export interface EncodingNote {
  readonly code:
    | 'tags_absent'
    | 'tags_unknown'
    | 'countries_as_other'
    | 'optins_after_reference_day'
    | 'switched_off_unknown';
  /** Tags or features, for the notes on those; rows, for the others. */
  readonly count: number;
  /** One sentence. Names tags and countries, never a subscriber. */
  readonly message: string;
}

const N_NAMED = 10;

/** List what of a table the specification does not know, in a fixed order. Empty when all is known. */
export function encodingNotes(spec: FeatureSpec, table: JoinedTable): EncodingNote[] {
  return [
    ...tagNotes(spec, table),
    ...countryNote(spec, table),
    ...lateOptinNote(table, parseDay(spec.referenceDay), spec.referenceDay),
  ];
}

/** List the tags that the features are made of, each once, in the order of the features. */
function tagsOfSpec({ features }: FeatureSpec): readonly string[] {
  const tags = features.flatMap(({ source }) => {
    if (source.type === 'tag') return [source.tag];
    return source.type === 'expression' ? tagsOfExpression(source.text) : [];
  });
  return [...new Set(tags)];
}

function tagNotes(spec: FeatureSpec, table: JoinedTable): EncodingNote[] {
  const wanted = tagsOfSpec(spec);
  const known = new Set([...wanted, ...(spec.switchedOff ?? [])]);
  const present = new Set(table.tagColumns);
  const absent = wanted.filter((tag) => !present.has(tag));
  const unknown = table.tagColumns.filter((tag) => !known.has(tag));
  const notes: EncodingNote[] = [];
  if (absent.length > 0) {
    const message = `${nounText(absent.length, 'tag', 'tags')} of the specification not in the file, encoded as held by nobody: ${namedUpToTen(absent)}.`;
    notes.push({ code: 'tags_absent', count: absent.length, message });
  }
  if (unknown.length > 0) {
    const message = `${nounText(unknown.length, 'tag', 'tags')} of the file not in the specification (fewer than ${MIN_TAG_HOLDERS} training rows hold them), left out but for tag_count: ${namedUpToTen(unknown)}.`;
    notes.push({ code: 'tags_unknown', count: unknown.length, message });
  }
  return notes;
}

function countryNote(spec: FeatureSpec, table: JoinedTable): EncodingNote[] {
  const kept = new Set(spec.countryLevels.filter((level) => level !== OTHER_COUNTRY));
  const isOther = table.countryCodes.map((code) => !kept.has(code));
  const met = new Set<number>();
  let nRows = 0;
  for (const index of table.countryIndex) {
    if (index < 0 || !isOther[index]) continue;
    met.add(index);
    nRows++;
  }
  if (nRows === 0) return [];
  const countries = nounText(met.size, 'country', 'countries');
  const message = `${nounText(nRows, 'row', 'rows')} of ${countries} outside the ${countText(kept.size)} kept, encoded as ${OTHER_COUNTRY}.`;
  return [{ code: 'countries_as_other', count: nRows, message }];
}

function lateOptinNote(table: JoinedTable, referenceDay: number, referenceText: string): EncodingNote[] {
  let nRows = 0;
  for (const day of table.optinDay) if (day !== MISSING_DAY && day > referenceDay) nRows++;
  if (nRows === 0) return [];
  const message = `${nounText(nRows, 'opt-in', 'opt-ins')} after the reference day ${referenceText}, encoded with negative optin_days.`;
  return [{ code: 'optins_after_reference_day', count: nRows, message }];
}

/** List names, the first ten where there are more. */
export function namedUpToTen(names: readonly string[]): string {
  const first = names.slice(0, N_NAMED).join(', ');
  return names.length > N_NAMED ? `${first} and ${names.length - N_NAMED} more` : first;
}
