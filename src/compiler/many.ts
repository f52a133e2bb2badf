/** How many activities on one cluster a run takes states for; those on a cluster with more are handed over to a machine of their own. */
export const ON_A_CLUSTER = 40;
