import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { decodeDataset } from '@/lib/features/dataset-arrow';
import { changedFile, inventedFile, queried } from './crm-files';
import { test as base } from './quiet-page';
import { type RecordedRequest, type RecordingProxy, startRecordingProxy } from './recording-proxy';
import { type RunningServer, startServer } from './running-server';
import { encodings, type SearchedBytes, tracesOf } from './traces-of';
import type { HandedFile } from './workbench-page';

/** A server of the test's own, and everything the browser asks of anyone goes through a recorder. */
const test = base.extend<{ server: RunningServer; recorder: RecordingProxy }>({
  server: async ({ browserName: _ }, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  recorder: async ({ server }, use) => {
    const recorder = await startRecordingProxy(server.host);
    await use(recorder);
    await recorder.close();
  },
  baseURL: ({ server }, use) => use(server.origin),
  proxy: ({ recorder }, use) => use({ server: recorder.address }),
});

test.use({
  launchOptions: {
    executablePath: process.env.LEADBENCH_CHROMIUM,
    // Chromium of its own accord asks its maker about forms; what the page asks for is what counts here.
    args: ['--disable-features=AutofillServerCommunication'],
  },
});

/** Added to every id, so that its digits cannot occur by chance. */
const ID_BASE = 8_123_400_000_000;
const CANARY = { name: 'Žofie "Kanárková" Testerová', email: 'zofie+kanarek@postamt.example' };
const FILE_NAME = 'kartei-der-kanarienvoegel.sqlite';

function canaryFile(): Promise<HandedFile> {
  return changedFile(
    inventedFile(22),
    FILE_NAME,
    `UPDATE Subscribers SET mailchimp_id = mailchimp_id + ${ID_BASE};
     UPDATE Tags SET mailchimp_id = mailchimp_id + ${ID_BASE};
     UPDATE Subscribers SET user_full_name = '${CANARY.name}', user_email = '${CANARY.email}'
       WHERE mailchimp_id = (SELECT min(mailchimp_id) FROM Subscribers);
     UPDATE Transactions SET user_full_name = user_full_name || ' Kanarienvogel'
       WHERE length(user_full_name) < 12;
     UPDATE Subscribers SET user_full_name = user_full_name || ' Kanarienvogel'
       WHERE length(user_full_name) < 12`,
  );
}

/** Every name, address and id of the file, and its own name. */
async function personalTexts(file: HandedFile): Promise<readonly string[]> {
  const values = await queried(
    file,
    `SELECT user_full_name FROM Subscribers UNION SELECT user_email FROM Subscribers
     UNION SELECT CAST(mailchimp_id AS TEXT) FROM Subscribers
     UNION SELECT user_full_name FROM Transactions UNION SELECT user_email FROM Transactions`,
  );
  return [FILE_NAME, ...values.map(([value]) => String(value).trim())];
}

const searched = (recorded: readonly RecordedRequest[]): readonly SearchedBytes[] =>
  recorded.map(({ method, url, rawHeaders, body }) => ({
    where: `${method} ${url}`,
    bytes: Buffer.concat([Buffer.from(`${method} ${url}\n${rawHeaders.join('\n')}\n\n`, 'latin1'), body]),
  }));

const filesUnder = (folder: string): readonly SearchedBytes[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ where: path, bytes: Buffer.concat([Buffer.from(path), readFileSync(path)]) }));

test('nothing of a person reaches the server, its files or its output', async ({
  page,
  workbench,
  server,
  recorder,
}) => {
  test.slow();
  const file = await canaryFile();
  const texts = await personalTexts(file);
  expect(texts.length).toBeGreaterThan(4_500);

  await test.step('the whole way, with a look at people on it', async () => {
    await workbench.open();
    await workbench.workThrough(file, 3);
    await workbench.button('ingest', 'Show the first rows').click();
    await expect(workbench.cell('ingest')).toContainText(CANARY.email);
    await workbench.cell('leads').getByRole('textbox', { name: 'Search' }).fill(CANARY.email);
    await expect(workbench.cell('leads').getByRole('table')).toContainText(CANARY.name);
    await workbench.downloadLeads();
    await workbench.downloaded(workbench.button('ingest', 'subscribers_joined.csv'));
    await workbench.reload();
    await workbench.expectLeads();
    await workbench.drop({ ...file, bytes: file.bytes.slice(0, 100_000) });
    await expect(workbench.cell('source').getByRole('alert')).toContainText(FILE_NAME);
  });

  const hosts = recorder.requests.map(({ url }) => URL.parse(url)?.host || url);
  expect([...new Set(hosts)], 'hosts asked').toEqual([server.host]);
  const upload = recorder.requests.find(({ method }) => method === 'PUT');
  const kept = filesUnder(server.home);
  const printed: SearchedBytes = { where: 'output', bytes: Buffer.from(server.output()) };
  expect(tracesOf(texts, [...searched(recorder.requests), ...kept, printed])).toEqual([]);

  await test.step('the matrix holds no id as a number either', async () => {
    const dataset = decodeDataset(upload?.body ?? new Uint8Array());
    if (!dataset.ok) throw new Error(dataset.error.message);
    expect(dataset.value.matrix.nRows).toBe(1_500);
    expect(dataset.value.matrix.values.filter((value) => Math.abs(value) > 1e6)).toHaveLength(0);
  });

  await test.step('control: recorder and search find what is there', async () => {
    expect(tracesOf(['optin_days'], searched(recorder.requests))).toContain(
      `“optin_days” as plain in ${upload?.method} ${upload?.url}`,
    );
    const places = kept.map(({ where }) => where.slice(server.home.length + 1));
    expect(places).toEqual(expect.arrayContaining(['data/X_test.csv', 'data/y_test.csv']));
    expect(tracesOf(['optin_days'], kept).join()).toContain('X_test.csv');
    for (const text of texts.slice(0, 20)) {
      for (const [encoding, forms] of encodings(text)) {
        const bytes = Buffer.concat([Buffer.from('a'), ...forms, Buffer.from('z')]);
        expect(tracesOf([text], [{ where: 'here', bytes }])).toContain(`“${text}” as ${encoding} in here`);
      }
    }
    await page.evaluate(async (email) => {
      await fetch(`/icon.svg?who=${encodeURIComponent(email)}`);
    }, CANARY.email);
    expect(tracesOf([CANARY.email], searched(recorder.requests))).toHaveLength(1);
  });
});
