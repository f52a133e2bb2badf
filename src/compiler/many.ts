/** For how many activities on one cluster, and how many loads, a run has states; more of them are handed over to a machine of their own. */
export const MANY = 40;
