import { z } from 'zod';
import { ExpectedFailure } from '@/lib/core/result';
import type { SuppressionKeeper } from '@/lib/store/strategy-keepers';
import { fileIn, privateFolder, removed, written } from './file-keeper';

const NAME = 'suppressed.json';
const addressesSchema = z.array(z.string());

/** Keep who opted out in the browser's private file system, where only this site's pages can read it. */
export const suppressionKeeper: SuppressionKeeper = {
  async kept() {
    const folder = await privateFolder();
    const file = folder && (await fileIn(folder, NAME));
    // What cannot be read throws: a list that is silently empty would let people through who opted out.
    return file ? addressesSchema.parse(JSON.parse(await file.text())) : [];
  },
  async keep(addresses) {
    const folder = await privateFolder();
    if (!folder) {
      throw new ExpectedFailure({
        code: 'no_private_storage',
        message: 'The list of people who opted out is in force but cannot be kept in this browser.',
        hint: 'Hand it over again after a reload.',
      });
    }
    if (addresses.length === 0) await removed(folder, NAME);
    else await written(folder, NAME, JSON.stringify(addresses));
  },
};
