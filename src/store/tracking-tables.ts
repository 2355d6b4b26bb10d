/** Experiments, runs and what they log; see `tracking/`. */
export interface TrackingTables {}
