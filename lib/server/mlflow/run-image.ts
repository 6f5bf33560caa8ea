/** A parameter or tag as MLflow takes it. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** One value of a metric. */
export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970, of the event that told of it. */
  readonly timestamp: number;
  readonly step: number;
}

/** What one `runs/log-batch` request can carry. */
export interface Batch {
  readonly params: readonly KeyValue[];
  readonly metrics: readonly MetricPoint[];
  readonly tags: readonly KeyValue[];
}

/** States of a run in MLflow's own words. */
export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/** A run as it has to be in MLflow: a function of a study's journal alone, so that delivering late gives the same. */
export interface RunImage {
  /** Ours, in the tag `leadbench.key`: the study's id, or that and the trial's number. A run is found again by it. */
  readonly key: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly startedAtMs: number;
  /** Null while it is not over. */
  readonly endedAtMs: number | null;
  /** Never change for a key: MLflow keeps the first. */
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  /** Grows at its end only, so that a count says which were delivered. No two have the same key and step. */
  readonly metrics: readonly MetricPoint[];
  /** Sequence number of the last event that changed it. */
  readonly throughSequence: number;
}

/** A model that a study published. */
export interface PublishedModel {
  readonly modelId: string;
  readonly evaluatedAtMs: number;
  /** Complete trials when it was made: the step of its metrics. */
  readonly nComplete: number;
}

/** A study as it has to be in MLflow. */
export interface StudyImage {
  readonly studyId: string;
  readonly study: RunImage;
  /** In the order in which they began. */
  readonly trials: readonly RunImage[];
  /** Oldest first. */
  readonly models: readonly PublishedModel[];
  readonly lastSequence: number;
  /** Whether more is to be expected soon: trials run, or the model is being made. */
  readonly isLive: boolean;
  readonly datasetDigest: string;
}

/** List an object's entries as MLflow takes them, keys in the order given. */
export function keyValues(values: Readonly<Record<string, string>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
