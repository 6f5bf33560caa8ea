import { expect } from '@playwright/test';
import { changedFile, counted, inventedFile } from './crm-files';
import { test } from './quiet-page';
import type { HandedFile } from './workbench-page';

/** A file that is no CRM, and what the page must say about it. */
interface BrokenFile {
  readonly file: HandedFile;
  readonly message: string;
  readonly hint: string;
}

const text = (content: string) => new TextEncoder().encode(content);
const CHOOSE = 'Choose the CRM database itself, a SQLite file such as crm_database.sqlite.';
const COPY_AGAIN = 'Copy it again from where it came, or repair it with "sqlite3 file .recover".';

/** Bytes without a pattern, as an encrypted database is: a multiply-with-carry sequence, the same every time. */
function patternless(nBytes: number): Uint8Array {
  let state = 0x2545f491;
  return Uint8Array.from({ length: nBytes }, () => {
    state = (Math.imul(state & 0xffff, 36969) + (state >>> 16)) >>> 0;
    return (state >>> 3) & 0xff;
  });
}

/** A copy with the bytes of one page, counted from 1, made nonsense. */
function withDamagedPage({ bytes }: HandedFile, page: number): Uint8Array {
  const pageSize = new DataView(bytes.buffer, bytes.byteOffset).getUint16(16);
  const damaged = bytes.slice();
  damaged.fill(0xff, (page - 1) * pageSize, page * pageSize);
  return damaged;
}

async function brokenFiles(whole: HandedFile): Promise<readonly BrokenFile[]> {
  const half = whole.bytes.slice(0, whole.bytes.length / 2);
  const rootPage = await counted(whole, `SELECT rootpage FROM sqlite_schema WHERE name = 'Subscribers'`);
  const columns = 'mailchimp_id, user_full_name, user_email, member_rating, optin_time, country_code';
  return [
    {
      file: { name: 'leads.csv', bytes: text('name,email\nAnn,ann@example.com\n') },
      message: '“leads.csv” is a text file with columns (CSV), not a SQLite database.',
      hint: CHOOSE,
    },
    {
      file: { name: 'logo.sqlite', bytes: Uint8Array.of(0x89, ...text('PNG\r\n\x1a\n'), 0, 0, 0, 13) },
      message: '“logo.sqlite” is a PNG picture, not a SQLite database.',
      hint: CHOOSE,
    },
    {
      file: { name: 'packed.zip', bytes: Uint8Array.of(...text('PK\x03\x04'), 20, 0, 0, 0) },
      message: '“packed.zip” is a zip archive or an office document, not a SQLite database.',
      hint: 'Unpack it first and choose the SQLite database inside.',
    },
    {
      file: { name: 'empty.sqlite', bytes: new Uint8Array() },
      message: '“empty.sqlite” is empty (0 bytes).',
      hint: 'Export or copy it again, then open it.',
    },
    {
      file: { name: 'locked.sqlite', bytes: patternless(8_192) },
      message:
        '“locked.sqlite” has no SQLite header and looks like random bytes: it is encrypted, or no database at all.',
      hint: 'Decrypt it with the program that made it, then open the plain database.',
    },
    {
      file: { name: 'half.sqlite', bytes: half },
      message: `“half.sqlite” is cut short: its header promises ${whole.bytes.length} bytes, ${half.length} are there.`,
      hint: COPY_AGAIN,
    },
    {
      file: { name: 'damaged.sqlite', bytes: withDamagedPage(whole, 3) },
      message: `“damaged.sqlite” is damaged: SQLite's quick check finds in table Subscribers: Tree ${rootPage} page 3: btreeInitPage() returns error code 11.`,
      hint: COPY_AGAIN,
    },
    {
      file: await changedFile(whole, 'no-tags.sqlite', 'DROP TABLE Tags'),
      message: '“no-tags.sqlite” has no table Tags; it holds Products.',
      hint: 'A CRM needs the tables Subscribers, Tags, Transactions.',
    },
    {
      file: await changedFile(
        whole,
        'no-emails.sqlite',
        'ALTER TABLE Subscribers RENAME COLUMN user_email TO mail',
      ),
      message: 'In “no-emails.sqlite”, table Subscribers lacks the column user_email.',
      hint: `Table Subscribers needs the columns ${columns}.`,
    },
    {
      file: await changedFile(
        whole,
        'view.sqlite',
        'ALTER TABLE Subscribers RENAME TO People; CREATE VIEW Subscribers AS SELECT * FROM People',
      ),
      message: 'In “view.sqlite”, Subscribers is a view; only ordinary tables are read.',
      hint: 'Copy its rows into an ordinary table: CREATE TABLE … AS SELECT * FROM Subscribers.',
    },
  ];
}

test('a file that is no CRM is named with its fault, and the open one stays with its study', async ({
  workbench,
}) => {
  const whole = inventedFile(19);
  await workbench.open();
  await workbench.workThrough(whole, 2);
  const studyId = await workbench.studyId();
  const tables = await workbench.rows('source', 'Tables of the file').allInnerTexts();
  const alert = workbench.cell('source').getByRole('alert');
  await expect(alert).toBeHidden();

  for (const { file, message, hint } of await brokenFiles(whole)) {
    await test.step(file.name, async () => {
      await workbench.drop(file);
      await expect(alert).toHaveText(
        `${file.name} was not opened; the file below is still open.${message}${hint}`,
      );
      await workbench.expectOpen(whole.name);
      await expect(workbench.status('source')).toHaveText(/^Done in/);
      await expect(workbench.rows('source', 'Tables of the file')).toHaveText(
        tables.map((row) => row.replaceAll(/\s/g, '')),
      );
      await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
      await expect(workbench.status('leads')).toHaveText(/^Done in/);
    });
  }

  await test.step('the open file still works and is the one that was kept', async () => {
    expect((await workbench.downloadLeads()).text.split('\r\n')).toHaveLength(1_500 + 2);
    await workbench.reload();
    await workbench.expectOpen(whole.name);
    await expect(workbench.fact('tuning', 'Study')).toHaveText(studyId);
  });

  await test.step('a whole file takes its place, and the message goes', async () => {
    await workbench.drop({ name: 'leads.csv', bytes: text('name,email\nAnn,ann@example.com\n') });
    await expect(alert).toBeVisible();
    const next = inventedFile(20, 1_000);
    await workbench.work(next);
    await expect(alert).toBeHidden();
    await expect(workbench.fact('ingest', 'Subscribers')).toHaveText('1,000');
  });
});
