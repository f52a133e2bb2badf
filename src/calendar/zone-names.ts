/** Each has abbreviations for zones in its part of the world only. */
const ENGLISH = ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA'];

/** What English has no abbreviation for, though many have one in mind. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'Argentina Standard Time': 'ART',
  'Brasilia Standard Time': 'BRT',
  'Chile Standard Time': 'CLT',
  'Chile Summer Time': 'CLST',
  'China Standard Time': 'CST',
  'Colombia Standard Time': 'COT',
  'Hong Kong Standard Time': 'HKT',
  'Indochina Time': 'ICT',
  'Iran Standard Time': 'IRST',
  'Israel Daylight Time': 'IDT',
  'Israel Standard Time': 'IST',
  'Japan Standard Time': 'JST',
  'Korean Standard Time': 'KST',
  'Malaysia Time': 'MYT',
  'Moscow Standard Time': 'MSK',
  'Nepal Time': 'NPT',
  'Newfoundland Daylight Time': 'NDT',
  'Newfoundland Standard Time': 'NST',
  'Pakistan Standard Time': 'PKT',
  'Peru Standard Time': 'PET',
  'Philippine Standard Time': 'PST',
  'Singapore Standard Time': 'SGT',
  'Taiwan Standard Time': 'CST',
  'Western Indonesia Time': 'WIB',
};

/** What a time zone is called in English: `EST`, `Eastern Standard Time`; as `GMT+1` where it has no name. */
export class ZoneNames {
  private readonly formats = new Map<string, Intl.DateTimeFormat>();

  constructor(private readonly zone: string) {}

  long(instant: number): string {
    return this.name('en-US', 'long', instant);
  }

  short(instant: number): string {
    const names = ENGLISH.map((locale) => this.name(locale, 'short', instant));
    return names.find((name) => !/^GMT[+-]/.test(name)) ?? ABBREVIATIONS[this.long(instant)] ?? names[0];
  }

  private name(locale: string, style: 'short' | 'long', instant: number): string {
    const parts = this.format(locale, style).formatToParts(instant);
    return parts.find(({ type }) => type === 'timeZoneName')!.value;
  }

  /** Making one takes long. */
  private format(locale: string, style: 'short' | 'long'): Intl.DateTimeFormat {
    const known = this.formats.get(locale + style) ?? new Intl.DateTimeFormat(locale, { timeZone: this.zone, timeZoneName: style });
    this.formats.set(locale + style, known);
    return known;
  }
}
