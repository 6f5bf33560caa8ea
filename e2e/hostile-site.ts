import { createServer, type Server } from 'node:http';
import type { Page } from '@playwright/test';
import { z } from 'zod';

const outcomeSchema = z.array(z.object({ name: z.string(), readable: z.boolean() }));

/** A site that attacks another server from the visitor's browser. */
export interface HostileSite {
  readonly address: string;
  /** Names of the tries whose answer the page could read, once all are over. */
  readable(page: Page): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A server that answers everybody: what the attacks would do to one without a boundary. */
export interface CarelessServer {
  readonly origin: string;
  /** Methods and addresses of what reached it. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/** Everything a page may send to another origin without asking first, and the ways to read an answer. */
function hostileScript(victim: string, actionIds: readonly string[]): string {
  return `
    const victim = ${JSON.stringify(victim)};
    const ids = ${JSON.stringify(actionIds)};
    const tries = [];
    const attempt = (name, run) => tries.push(run().then(
      (read) => ({ name, readable: read === true }),
      () => ({ name, readable: false }),
    ));
    const form = (name, enctype, fields) => attempt(name, () => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.name = name;
      frame.onload = () => { try { resolve(frame.contentDocument !== null && frame.contentDocument.URL !== 'about:blank'); } catch { resolve(false); } };
      document.body.append(frame);
      const element = document.createElement('form');
      Object.assign(element, { method: 'POST', action: victim + '/', enctype, target: name });
      for (const [key, value] of fields) {
        const input = document.createElement('input');
        Object.assign(input, { type: 'hidden', name: key, value });
        element.append(input);
      }
      document.body.append(element);
      element.submit();
      setTimeout(() => resolve(false), 3000);
    }));
    for (const id of ids) {
      form('multipart ' + id, 'multipart/form-data', [['$ACTION_ID_' + id, ''], ['0', '["x"]']]);
      form('text ' + id, 'text/plain', [['["x', '"]']]);
      form('urlencoded ' + id, 'application/x-www-form-urlencoded', [['$ACTION_ID_' + id, '']]);
      attempt('fetch with action header ' + id, () => fetch(victim + '/', { method: 'POST', headers: { 'Next-Action': id }, body: '["x"]' }).then(() => true));
    }
    for (const mode of ['cors', 'no-cors']) {
      attempt('page by ' + mode, () => fetch(victim + '/', { mode }).then((answer) => answer.text()).then((text) => text.length > 0));
      attempt('demo by ' + mode, () => fetch(victim + '/api/demo', { mode }).then((answer) => answer.text()).then((text) => text.length > 0));
      attempt('metrics by ' + mode, () => fetch(victim + '/metrics', { mode }).then((answer) => answer.text()).then((text) => text.length > 0));
      attempt('post by ' + mode, () => fetch(victim + '/api/datasets', { mode, method: 'POST', body: 'x' }).then((answer) => answer.text()).then((text) => text.length > 0));
    }
    attempt('put', () => fetch(victim + '/api/datasets', { method: 'PUT', body: 'x' }).then(() => true));
    attempt('beacon', async () => { navigator.sendBeacon(victim + '/', 'x'); return false; });
    attempt('events', () => new Promise((resolve) => {
      const events = new EventSource(victim + '/api/studies/study-00000000000000000000/events');
      events.onopen = () => resolve(true);
      events.onerror = () => resolve(false);
    }));
    attempt('socket', () => new Promise((resolve) => {
      const socket = new WebSocket(victim.replace('http', 'ws') + '/');
      socket.onopen = () => resolve(true);
      socket.onerror = () => resolve(false);
    }));
    attempt('frame', () => new Promise((resolve) => {
      const frame = document.createElement('iframe');
      frame.src = victim + '/';
      frame.onload = () => { try { resolve(frame.contentDocument.body.innerText.includes('Leadbench')); } catch { resolve(false); } };
      document.body.append(frame);
    }));
    attempt('script', () => new Promise((resolve) => {
      const script = document.createElement('script');
      script.src = victim + '/api/demo';
      script.onload = () => resolve(true);
      script.onerror = () => resolve(false);
      document.body.append(script);
    }));
    window.outcome = Promise.all(tries);
  `;
}

async function listening(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: bound.port, close };
}

/** Open the hostile site on a free port of `localhost`, which is another site than `127.0.0.1`. */
export async function openHostileSite(options: {
  readonly victim: string;
  readonly actionIds: readonly string[];
}): Promise<HostileSite> {
  const script = hostileScript(options.victim, options.actionIds);
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>x</title><body><script>${script}</script></body>`);
  });
  const { port, close } = await listening(server);
  return {
    address: `http://localhost:${port}/`,
    async readable(page) {
      const tries = await page.evaluate(() => Reflect.get(window, 'outcome'));
      return outcomeSchema
        .parse(tries)
        .filter(({ readable }) => readable)
        .map(({ name }) => name);
    },
    close,
  };
}

/** Open a server without any check on a free port of `127.0.0.1`. */
export async function openCarelessServer(): Promise<CarelessServer> {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Allow-Methods', '*');
    response.end('1;');
  });
  const { port, close } = await listening(server);
  return { origin: `http://127.0.0.1:${port}`, received, close };
}
