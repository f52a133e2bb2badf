/** Which of YARN's schedulers shares a cluster out among the jobs on it. */
export enum HadoopSchedulerType {
  /** The fair scheduler: over time, all get an equal share. */
  PARALLEL_FAIR_SCHEDULING = 'PARALLEL_FAIR_SCHEDULING',
  /** The capacity scheduler: queues with shares of their own. */
  PARALLEL_CAPACITY_SCHEDULING = 'PARALLEL_CAPACITY_SCHEDULING',
  /** The one that the release has. */
  DEFAULT_SCHEDULER = 'DEFAULT_SCHEDULER',
}
