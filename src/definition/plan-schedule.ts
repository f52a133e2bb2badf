import type { Code } from './code';
import { Style, Timing, from, scheduleCode, timingOf } from './mapping/schedule';
import { idsIn, Planner } from './planner';
import type { ResolvedField, ResolvedObject } from './resolve';

/** The schedules of a definition: the pipeline's own, and those of activities that have another. */
export class Schedules {
  /** Id of the pipeline's own; none of a pipeline on demand without one. */
  readonly own?: string;
  readonly onDemand: boolean;

  constructor(private readonly planner: Planner, private readonly cutover?: Date) {
    this.own = this.ownId();
    this.onDemand = this.styleOf(this.own) === 'ONDEMAND' || this.own !== undefined && /^\s*ondemand/i.test(this.timing(this.own)?.period ?? '');
  }

  /** The pipeline's, or that of an id. */
  code(id = this.own): Code | undefined {
    if (this.onDemand) return scheduleCode({ period: 'ondemand' }, 'ONDEMAND') as Code;
    const timing = id === undefined ? undefined : this.timing(id);
    if (!timing) {
      const got = id === undefined ? 'is missing' : `takes the id of a Schedule; got: ${id}, which is none`;
      const message = `${got}; give the id of a Schedule, or scheduleType ondemand`;
      this.planner.problems.push({ severity: 'error', object: this.planner.defaults.id, field: 'schedule', at: this.planner.defaults.at, message });
      return undefined;
    }
    const code = scheduleCode(this.cutover ? from(timing, this.cutover) : timing, this.styleOf(id));
    if (typeof code !== 'string') return code;
    this.planner.problems.push({ severity: 'error', object: id, field: 'period', at: this.planner.object(id!)?.at, message: code });
    return undefined;
  }

  private timing(id: string): Timing | undefined {
    const props = this.planner.typeOf(id)?.kind === 'schedule' ? this.planner.propsOf(id) : undefined;
    return props && timingOf(props);
  }

  private ownId(): string | undefined {
    const [own] = idsIn(this.planner.defaults.fields.get('schedule'));
    if (own !== undefined) return own;
    const used = this.planner.objects.flatMap((object) => this.isActivity(object) ? idsIn(object.fields.get('schedule')) : []);
    const others = this.planner.objects.flatMap((object) => idsIn(object.fields.get('schedule')));
    return mostFrequent(used) ?? mostFrequent(others);
  }

  private isActivity({ id }: ResolvedObject): boolean {
    return this.planner.typeOf(id)?.kind === 'activity';
  }

  /** What Default says, or else the objects of the schedule. */
  private styleOf(id: string | undefined): Style {
    const { defaults, objects } = this.planner;
    const its = objects.filter((object) => idsIn(object.fields.get('schedule')).includes(id ?? ''));
    const [field] = [defaults, ...its].flatMap((object) => object.fields.get('scheduleType') ?? []);
    return field ? this.style(field) : 'CRON';
  }

  private style(field: ResolvedField): Style {
    const style = String(field.values[0]).trim().toUpperCase();
    if (style === 'CRON' || style === 'TIMESERIES' || style === 'ONDEMAND') return style;
    this.planner.tell('error', this.planner.defaults, field, `is cron, timeseries or ondemand; got: "${style.toLowerCase().slice(0, 60)}"`);
    return 'CRON';
  }
}

function mostFrequent(ids: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
