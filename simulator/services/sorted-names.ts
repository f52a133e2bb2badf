/** Values by name, of which those are soon found whose names begin alike. */
export class SortedNames<T> {
  private readonly names: string[] = [];
  private readonly values: T[] = [];

  public add(name: string, value: T): void {
    const position = this.firstFrom(name);
    this.names.splice(position, 0, name);
    this.values.splice(position, 0, value);
  }

  public startingWith(prefix: string): T[] {
    const first = this.firstFrom(prefix);
    let end = first;
    while (end < this.names.length && this.names[end].startsWith(prefix)) end++;
    return this.values.slice(first, end);
  }

  /** Position of the first name that does not come before this one. */
  private firstFrom(name: string): number {
    let low = 0;
    let high = this.names.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.names[middle] < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
