/** A web server's access log, made up: the same seed and hour make the same log. */

/** A request, as the server knows it. */
export interface Hit {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly host: string;
  readonly user: string;
  readonly method: string;
  /** Path and query, as they came over the wire. */
  readonly target: string;
  readonly status: number;
  /** Undefined where nothing was sent: the log has `-`. */
  readonly bytes?: number;
  readonly referrer: string;
  readonly agent: string;
}

export interface AccessLog {
  /** When its hour begins. */
  readonly hour: Date;
  /** What the well-formed lines say. */
  readonly hits: readonly Hit[];
  /** Well-formed and malformed lines, in the order of time. */
  readonly lines: readonly string[];
}

const HOUR = 3_600_000;
const MODULUS = 2_147_483_647;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const PATHS = [
  '/', '/', '/', '/cart', '/checkout', '/robots.txt', '/static/app.css', '/static/app.js', '/search', '/products/1', '/products/2', '/products/3',
  // UTF-8, percent-encoded: caffè, Äpfel, 茶.
  '/products/caff%C3%A8', '/products/%C3%84pfel', '/products/%E8%8C%B6',
  // What CSV and SQL have opinions on. A double quote is no character of a URI: clients send %22.
  '/compare/1,2,3', "/authors/o'brien", '/titles/%22quoted%22', '/files/a;b=c', '/tilde/~x', '/plus/a+b', '/percent/100%25',
];
const QUERIES = ['', '', '', '?page=2', '?q=green%20tea,black', '?utm_source=mail&utm_medium=x'];
const METHODS = ['GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'OPTIONS'];
const STATUSES = [200, 200, 200, 200, 200, 304, 301, 404, 500, 204];
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'curl/8.5.0',
  '-',
  // Servers escape quotes in what clients send.
  'Bot \\"quoted\\" 1.0',
];
const REFERRERS = ['-', '-', 'https://shop.example.com/', 'https://search.example.org/?q=tea'];

/** Ways in which a line comes to be none of the combined log format. */
const DAMAGES: readonly ((line: string, random: Random) => string)[] = [
  // The disk was full.
  (line, random) => line.slice(0, 1 + random.below(line.indexOf('"'))),
  (line) => line.replace(' HTTP/1.1"', ' HTTP/1.1'),
  (line) => line.replace(/" (\d{3}) /, '" OK '),
  (line) => line.replace(/\/[A-Z][a-z]{2}\//, '/Foo/'),
  (line) => line.replace(/"[A-Z]+ [^"]+"/, '"\\x16\\x03\\x01\\x02"'),
  (line) => line.replace(/\[[^\]]*\]/, '[-]'),
  // Two processes wrote at once.
  (line) => `${line}${line}`,
  () => '',
  () => '<<< log rotated >>>',
];

/** @param size How many requests, beside malformed lines. */
export function accessLog(hour: Date, seed: number, size = 3000): AccessLog {
  const random = new Random(seed + hour.getTime() / HOUR);
  const times = Array.from({ length: size }, () => hour.getTime() + random.below(HOUR)).sort((a, b) => a - b);
  const hits = times.map((time) => hit(time, random));
  const damaged = (time: number) => random.of(DAMAGES)(lineOf(hit(time, random)), random);
  const lines = hits.flatMap((each) => random.below(20) === 0 ? [lineOf(each), damaged(each.time)] : [lineOf(each)]);
  return { hour, hits, lines };
}

/** A line of the combined log format. */
export function lineOf({ time, host, user, method, target, status, bytes, referrer, agent }: Hit): string {
  return `${host} - ${user} [${stamp(time)}] "${method} ${target} HTTP/1.1" ${status} ${bytes ?? '-'} "${referrer}" "${agent}"`;
}

function hit(time: number, random: Random): Hit {
  const status = random.of(STATUSES);
  return {
    time,
    host: `203.0.113.${1 + random.below(254)}`,
    user: random.below(10) === 0 ? 'alice' : '-',
    method: random.of(METHODS),
    target: random.of(PATHS) + random.of(QUERIES),
    status,
    bytes: status === 304 || status === 204 ? undefined : random.below(100_000),
    referrer: random.of(REFERRERS),
    agent: random.of(AGENTS),
  };
}

/** `01/Dec/2026:08:15:59 +0000` */
function stamp(time: number): string {
  const [year, month, day, clock] = new Date(time).toISOString().split(/[-T.]/);
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

/** Repeatable numbers (Lehmer's generator). */
class Random {
  private state: number;

  constructor(seed: number) {
    this.state = 1 + seed % (MODULUS - 1);
  }

  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number {
    this.state = this.state * 48_271 % MODULUS;
    return this.state % limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)];
  }
}
