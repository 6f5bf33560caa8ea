import { connection } from 'next/server';
import { WorkbenchPage } from '@/components/workbench/workbench-page';
import { pageToken } from '@/lib/server/boundary/trusted-caller';
import * as actions from './actions';

export default async function Page() {
  // The token belongs to this process and the nonce to this answer: neither may be built in.
  await connection();
  return (
    <WorkbenchPage
      token={pageToken()}
      actions={{
        engineStatus: actions.engineStatus,
        evaluateStudy: actions.evaluateStudy,
        extendStudy: actions.extendStudy,
        latestStudy: actions.latestStudy,
        launchStudy: actions.launchStudy,
        listModels: actions.listModels,
        listStudies: actions.listStudies,
        measurement: actions.measurement,
        modelTests: actions.modelTests,
        pauseStudy: actions.pauseStudy,
        promoteModel: actions.promoteModel,
        rerunStudy: actions.rerunStudy,
        resumeStudy: actions.resumeStudy,
        revertModel: actions.revertModel,
        startMeasurement: actions.startMeasurement,
        stopMeasurement: actions.stopMeasurement,
        stopStudy: actions.stopStudy,
      }}
    />
  );
}
