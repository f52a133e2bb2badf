/** Of what is many and slow: all in CI's tiers, and one in so many in `npm test`. */
export function inShare(index: number, of = 8): boolean {
  return process.env.CI_TIERS !== undefined || index % of === 0;
}
