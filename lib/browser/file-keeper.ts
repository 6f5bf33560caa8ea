import { z } from 'zod';
import { ExpectedFailure } from '@/lib/core/result';
import type { CrmFile, FileKeeper } from '@/lib/store/services';
import { reached } from './reached';

const CONTENT_NAME = 'crm.sqlite';
const META_NAME = 'crm.json';
const metaSchema = z.strictObject({ name: z.string(), sizeBytes: z.int() });

/**
 * Keep the opened file in the browser's private file system (OPFS), where only this site's pages can read it.
 * The note with name and size is written last: a copy that was cut short has no fitting note, counts as absent and is removed.
 *
 * @param demo where this server hands out the demo CRM, and the headers it asks for
 */
export function createFileKeeper(demo: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}): FileKeeper {
  return {
    async kept() {
      const folder = await privateFolder();
      if (!folder) return null;
      const note = await fileIn(folder, META_NAME);
      const content = await fileIn(folder, CONTENT_NAME);
      const meta = metaSchema.safeParse(note && jsonOrNull(await note.text()));
      if (meta.success && content && meta.data.sizeBytes === content.size) {
        return { name: meta.data.name, bytes: await content.arrayBuffer() };
      }
      // A list that nobody sees any more must not lie here either.
      await removed(folder, META_NAME);
      await removed(folder, CONTENT_NAME);
      return null;
    },
    async keep(file: CrmFile) {
      const folder = await privateFolder();
      if (!folder) {
        throw new ExpectedFailure({
          code: 'no_private_storage',
          message: 'This browser gives the page no private file system.',
          hint: 'Open the file again after a reload.',
        });
      }
      await removed(folder, META_NAME);
      await written(folder, CONTENT_NAME, file.bytes);
      await written(folder, META_NAME, JSON.stringify({ name: file.name, sizeBytes: file.bytes.byteLength }));
    },
    async forget() {
      const folder = await privateFolder();
      if (!folder) return;
      await removed(folder, META_NAME);
      await removed(folder, CONTENT_NAME);
    },
    async demo() {
      const response = await reached(fetch(demo.url, { headers: demo.headers }));
      if (!response.ok) {
        throw new ExpectedFailure({
          code: 'no_demo',
          message: `The demo CRM could not be loaded (status ${response.status}).`,
          hint: 'Run npm start again, which makes it, or open a file of your own.',
        });
      }
      return { name: 'crm_database.sqlite', bytes: await response.arrayBuffer() };
    },
  };
}

/** The page's folder in the browser's private file system; null where there is none. */
export async function privateFolder(): Promise<FileSystemDirectoryHandle | null> {
  // Missing on plain-http pages that are not localhost.
  if (!navigator.storage?.getDirectory) return null;
  try {
    const root = await navigator.storage.getDirectory();
    return await root.getDirectoryHandle('leadbench', { create: true });
  } catch (error) {
    // How private windows and blocked site data say that there is none.
    if (error instanceof DOMException && error.name === 'SecurityError') return null;
    throw error;
  }
}

/** A file of a folder; null where it is missing. */
export async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}

/** Write a file of a folder whole. */
export async function written(
  folder: FileSystemDirectoryHandle,
  name: string,
  content: ArrayBuffer | string,
): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  await stream.write(content);
  await stream.close();
}

/** Remove a file of a folder, if it is there. */
export async function removed(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
