import { describe, expect, it } from 'vitest';
import {
  createBoundaryState,
  currentBoundary,
  hostValue,
  installBoundary,
  removeBoundary,
} from './boundary-state';

const plan = { port: 3000, extraNames: [], needsLogin: false, now: () => 0 };

describe('createBoundaryState', () => {
  it('knows the three names of this machine with the port', () => {
    expect(createBoundaryState(plan).allowedHosts).toEqual([
      '127.0.0.1:3000',
      'localhost:3000',
      '[::1]:3000',
    ]);
  });

  it('adds configured names once, lower-case', () => {
    const state = createBoundaryState({
      ...plan,
      extraNames: ['Bench.Example', 'bench.example:3000', 'b:81'],
    });
    expect(state.allowedHosts.slice(3)).toEqual(['bench.example:3000', 'b:81']);
  });

  it('asks for a login only when told to', () => {
    expect(createBoundaryState(plan).login).toBeNull();
    const login = createBoundaryState({ ...plan, needsLogin: true }).login;
    expect(login?.cookieName).toBe('leadbench_session_3000');
    expect(login?.linkToken).not.toBe(login?.sessionSecret);
  });

  it('makes a new token for each process', () => {
    const states = [createBoundaryState(plan), createBoundaryState(plan)];
    const secrets = states.flatMap(({ token, controlToken }) => [token, controlToken]);
    expect(new Set(secrets).size).toBe(4);
  });
});

describe('hostValue', () => {
  it('leaves port 80 out, as browsers do', () => {
    expect(hostValue('localhost', 80)).toBe('localhost');
    expect(hostValue('a.example:80', 3000)).toBe('a.example');
    expect(hostValue('[::1]', 3000)).toBe('[::1]:3000');
  });
});

describe('currentBoundary', () => {
  it('is null until a state is installed', () => {
    removeBoundary();
    expect(currentBoundary()).toBeNull();
    const state = createBoundaryState(plan);
    installBoundary(state);
    expect(currentBoundary()).toBe(state);
    removeBoundary();
    expect(currentBoundary()).toBeNull();
  });
});
