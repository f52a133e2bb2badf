import { PGlite } from '@electric-sql/pglite';
import { PageHits } from './page-hits';

/** The stand-in for Redshift: PostgreSQL in this process. */
export class Warehouse {
  static async open(): Promise<Warehouse> {
    return new Warehouse(await PGlite.create());
  }

  private constructor(readonly database: PGlite) {}

  /** What the pipeline has loaded. */
  async pageHits(): Promise<PageHits[]> {
    const { rows } = await this.database.query<PageHits>(`
      SELECT to_char(hour, 'YYYY-MM-DD HH24:MI:SS') AS hour, method, path, status, requests, bytes
        FROM page_hits ORDER BY hour, requests DESC, path, method, status`);
    return rows.map((row) => ({ ...row, requests: Number(row.requests), bytes: Number(row.bytes) }));
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
