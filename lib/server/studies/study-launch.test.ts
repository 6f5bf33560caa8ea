import { describe, expect, it } from 'vitest';
import { studyLaunch } from '@/lib/testing/real-studies';
import { gateFault } from './study-launch';

const launchOf = (
  gate: { readonly open: boolean; readonly n_critical: number } | null,
  reason: string | null,
) => ({
  ...studyLaunch('a launch'),
  gateOverrideReason: reason,
  validation: gate === null ? null : { gate: { ...gate, n_warning: 2, n_info: 0 }, suites: [] },
});

describe('gateFault', () => {
  it('lets an open gate pass, and a shut one for a reason', () => {
    expect(gateFault(launchOf({ open: true, n_critical: 0 }, null)).ok).toBe(true);
    expect(gateFault(launchOf({ open: false, n_critical: 3 }, 'They are an old import.')).ok).toBe(true);
  });

  it('refuses a shut gate, one that says it is open with critical failures, and data that nobody checked', () => {
    const shut = {
      error: { code: 'gate_shut', message: 'The quality gate is shut: 1 critical check failed.' },
    };
    expect(gateFault(launchOf({ open: false, n_critical: 1 }, null))).toMatchObject(shut);
    expect(gateFault(launchOf({ open: true, n_critical: 1 }, null))).toMatchObject(shut);
    expect(gateFault(launchOf(null, null))).toMatchObject({ error: { code: 'gate_unknown' } });
    expect(gateFault(studyLaunch('nothing said'))).toMatchObject({ error: { code: 'gate_unknown' } });
  });
});
