import { connection } from 'next/server';
import { WorkbenchPage } from '@/components/workbench/workbench-page';
import { pageToken } from '@/lib/server/boundary/trusted-caller';
import { engineStatus, evaluateStudy, latestStudy, launchStudy, resumeStudy, stopStudy } from './actions';

export default async function Page() {
  // The token belongs to this process and the nonce to this answer: neither may be built in.
  await connection();
  return (
    <WorkbenchPage
      token={pageToken()}
      actions={{ engineStatus, evaluateStudy, latestStudy, launchStudy, resumeStudy, stopStudy }}
    />
  );
}
