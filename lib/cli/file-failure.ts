import { ExpectedFailure, type Failure } from '@/lib/core/result';

/** What the file system's codes mean to a person, and what to do. */
const WORDS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['is no folder, or lies under a file', 'Give another path.'],
  EISDIR: ['is a folder, not a file', 'Give the path of a file.'],
  EACCES: ['may not be accessed by this user', 'Change its permissions, or give another path.'],
  EPERM: ['may not be accessed by this user', 'Change its permissions, or give another path.'],
  EROFS: ['lies on a read-only file system', 'Give another path.'],
  ENOSPC: ['cannot be written because the disk is full', 'Free some space, then run the command again.'],
  EDQUOT: ['cannot be written because the quota is used up', 'Free some space, then run the command again.'],
  ENAMETOOLONG: ['is too long a path', 'Give a shorter path.'],
  ELOOP: ['is a link that leads nowhere', 'Give another path.'],
  EEXIST: ['is in the way: it exists and is no folder', 'Give another path.'],
};

/**
 * Do something with a file, and turn what the file system says against it into words that name the path.
 *
 * @throws ExpectedFailure `file_not_usable`; anything that is not the file system's word, as it came
 */
export async function withFileWords<T>(path: string, use: () => Promise<T> | T): Promise<T> {
  try {
    return await use();
  } catch (error) {
    const failure = fileFailure(error, path);
    if (failure === null) throw error;
    throw new ExpectedFailure(failure, { cause: error });
  }
}

function fileFailure(error: unknown, path: string): Failure | null {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null;
  const [what, hint] = WORDS[String(error.code)] ?? [
    `cannot be used (${String(error.code)})`,
    'Give another path.',
  ];
  return { code: 'file_not_usable', message: `${path} ${what}.`, hint };
}
