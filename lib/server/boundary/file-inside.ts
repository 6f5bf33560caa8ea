import { lstatSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Result } from '@/lib/core/result';
import { refusal } from './refusal';

/** Names that Windows reads as devices, whatever follows the first dot. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A plain file name: ASCII, starts with a letter or digit, does not end with a dot, at most 128 characters. */
const PLAIN_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?$/;

/**
 * Give the absolute path of a file directly inside a folder; neither need exist yet.
 * Fails with `bad_id` for every name that is not plain (separators of any kind, encodings, dots alone, device names)
 * and for a symbolic link planted in the folder. The folder itself is ours and may be reached through links.
 */
export function fileInside(folder: string, name: string): Result<string> {
  if (!isPlainName(name)) return { ok: false, error: refusal('bad_id') };
  const path = join(resolve(folder), name);
  return isSymbolicLink(path) ? { ok: false, error: refusal('bad_id') } : { ok: true, value: path };
}

function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name) && !name.includes('..') && !DEVICE_NAME.test(name);
}

function isSymbolicLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
