import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import { z } from 'zod';
import { MISSING_DAY, parseDay } from '@/lib/core/day';
import { ExpectedFailure, fail } from '@/lib/core/result';
import { DEFAULT_SUITES, SUITE_NAMES, suitesWith } from '@/lib/quality/suites/default-suites';
import { parseSuiteText, type Suite } from '@/lib/quality/suites/suite-file';
import { unwrapped } from './crm-file';
import { withFileWords } from './file-failure';
import { optionParser, pathOption } from './option-values';

/** No suite that a person wrote is larger. */
const MAX_BYTES = 4 * 2 ** 20;

/** Options of the stages that say what a list is judged by. */
export function suiteOptions(): readonly Option[] {
  return [
    pathOption(
      '--suites <folder>',
      `suites of checks of your own: ${fileNames().join(', ')}, or some`,
      false,
    ),
    new Option(
      '--newest-day <day>',
      'the newest day that a date of the list can be of (default: today)',
    ).argParser(
      optionParser(
        z
          .string()
          .transform(parseDay)
          .refine((day) => day !== MISSING_DAY),
        'a day as YYYY-MM-DD',
      ),
    ),
  ];
}

/**
 * Read the suites of a folder. A suite without a file is the default one; a file of another name is refused, because a
 * misspelled one would else be passed over in silence.
 *
 * @param path null for the default suites
 * @throws ExpectedFailure `file_not_usable`, `unknown_suite` or `suite_unreadable`
 */
export async function readSuites(path: string | null): Promise<readonly Suite[]> {
  if (path === null) return DEFAULT_SUITES;
  const names = await withFileWords(path, () => readdir(path));
  const unknown = names.find((name) => !name.startsWith('.') && !fileNames().includes(name));
  if (unknown !== undefined) throw unknownSuite(join(path, unknown));
  const given = SUITE_NAMES.filter((name) => names.includes(`${name}.json`));
  if (given.length === 0) throw noSuite(path);
  return suitesWith(await Promise.all(given.map((name) => readSuite(join(path, `${name}.json`), name))));
}

async function readSuite(path: string, name: string): Promise<Suite> {
  const text = await withFileWords(path, async () => {
    const found = await stat(path);
    if (!found.isFile() || found.size > MAX_BYTES) throw noSuiteFile(path);
    return readFile(path, 'utf8');
  });
  return unwrapped(parseSuiteText(text, name));
}

function fileNames(): readonly string[] {
  return SUITE_NAMES.map((name) => `${name}.json`);
}

function unknownSuite(path: string): ExpectedFailure {
  const hint = `Name it ${fileNames().join(', ')}, or take it out of the folder.`;
  return new ExpectedFailure(fail('unknown_suite', `${path} is no suite of Leadbench.`, hint).error);
}

function noSuite(path: string): ExpectedFailure {
  const hint = `Put ${fileNames().join(', ')} there, or some of them; the others are the default ones.`;
  return new ExpectedFailure(fail('unknown_suite', `${path} holds no suite.`, hint).error);
}

function noSuiteFile(path: string): ExpectedFailure {
  const hint = 'Give a JSON file of a few kilobytes.';
  return new ExpectedFailure(
    fail('file_not_usable', `${path} is no ordinary file, or is larger than 4 MiB.`, hint).error,
  );
}
