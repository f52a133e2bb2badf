/** Names in TypeScript for what a definition calls by ids. */

/** Words that no constant is called, and what a file has of its own. */
const TAKEN = new Set([
  ...'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for'.split(' '),
  ...'function if implements import in instanceof interface let new null package private protected public return static super'.split(' '),
  ...'switch this throw true try typeof undefined var void while with yield as async from of type'.split(' '),
  ...'scope id props pipeline'.split(' '),
]);

/** Gives each of a file's constants a name of its own. */
export class Names {
  private readonly taken = new Set(TAKEN);

  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.taken.add(name);
  }

  /** `ec2ResourceHello` for `EC2Resource_Hello`. */
  constant(text: string): string {
    return this.unique(camelCase(text));
  }

  private unique(name: string): string {
    for (let count = 1; ; count += 1) {
      const candidate = count === 1 ? name : `${name}${count}`;
      if (this.taken.has(candidate)) continue;
      this.taken.add(candidate);
      return candidate;
    }
  }
}

export function camelCase(text: string): string {
  const [first = '', ...others] = words(text);
  const name = [first.toLowerCase(), ...others.map(capital)].join('');
  return /^[a-z]/.test(name) ? name : `object${name}`;
}

/** `HelloWorld`, which begins with a letter. */
export function pascalCase(text: string): string {
  const name = words(text).map(capital).join('');
  return /^[A-Z]/.test(name) ? name : `Pipeline${name}`;
}

/** `hello-world`. */
export function kebabCase(text: string): string {
  return words(text).map((word) => word.toLowerCase()).join('-') || 'pipeline';
}

/** `EC2Resource_HelloWorld` has four: EC2, Resource, Hello, World. */
function words(text: string): string[] {
  return text.normalize('NFKD').match(/[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z]+[0-9]*|[0-9]+/g) ?? [];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
